package tasks_test

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func TestCachePath(t *testing.T) {
	t.Parallel()
	assert.Equal(t, builder.String("acme%2Fapp@reviewed"), tasks.CachePath("acme/app", tasks.Reviewed))
	seen := map[string]string{}
	for _, repository := range []string{
		"", ".", "..", "a", "A", "a/b", "a%2Fb", "a@reviewed", "a@b", "/", "../../etc", "$(params.x)", "$$", "a b", "a+b", "ä", "\x00", "-",
		"git.example.com:2222/a/b.git", strings.Repeat("a", 100),
	} {
		for _, trust := range []tasks.Trust{"", tasks.Reviewed, tasks.Proposed, "b@reviewed", "reviewed@reviewed", ".."} {
			got := string(tasks.CachePath(repository, trust))
			what := repository + " and " + string(trust)
			assert.Equal(t, "go/"+got, path.Clean("go/"+got), "%s: more than one element, or none", what)
			assert.NotContains(t, got, "/", what)
			assert.NotContains(t, got, "$", what)
			assert.NotContains(t, []string{"", ".", ".."}, got, what)
			assert.Empty(t, seen[got], "%s: the same as for %s", what, seen[got])
			seen[got] = what
		}
	}
}
