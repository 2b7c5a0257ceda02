package triggers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// TestCommentNamesCommit sends comments to the trigger in the documentation of
// GitHubComment, which runs the commit that the comment names.
func TestCommentNamesCommit(t *testing.T) {
	t.Parallel()
	sha := strings.Repeat("1d0c1a2b", 5)
	for text, want := range map[string]string{
		"/test " + sha: sha,
		"/test":        "", "/test main": "", "/test " + sha[:7]: "", "/test " + sha + "0": "", "/test  " + sha: "",
		"x\n/test " + sha: "", "/test " + sha + "\n/test main": "", "/test " + sha + "\n": "", "/test refs/pull/1/head": "",
	} {
		c := triggers.GitHubComment().Matching("^/test [0-9a-f]{40}$")
		l := triggers.NewListener("hub").Secret("webhook", "token")
		l.On("t", c, run("p", fields{"sha": c.CEL("sha", "body.comment.body.substring(6)")}))
		out := harness.Of(t, l).Secret("webhook", "token", secret).
			Send(t, load(t, "github-issue-comment-created").edit(t, map[string]any{"comment.body": text}).request(secret))
		if want == "" {
			assert.Empty(t, out.Runs, "%q", text)
			continue
		}
		require.Len(t, out.Runs, 1, "%q: %v", text, out.Why)
		assert.Equal(t, want, harness.Params(out.Runs["hub-t"])["sha"])
	}
}
