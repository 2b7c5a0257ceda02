package tasks_test

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
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

// A cache that runs for comments can write to is found if releases use it, and not if
// the directories differ.
func TestCacheOfStrangers(t *testing.T) {
	t.Parallel()
	exposed := func(reviewed, proposed builder.String) (out []diag.Finding) {
		p := builder.NewPipeline("test")
		repo, src, volume := p.Param("repo"), p.Workspace("source"), p.Workspace("volume")
		clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
		builder.Add(p, "test", tasks.GoTest{Source: clone.Source, Cache: volume})
		run := func(name builder.String, url builder.String, cache builder.String) *builder.PipelineRun {
			return p.Run(name, repo.Set(url), src.VolumeClaimTemplate("1Gi"), volume.PVC("caches").SubPath(cache))
		}
		l := triggers.NewListener("hub").Secret("hook", "token")
		push, comment := triggers.GitHubPush().Branches("main"), triggers.GitHubComment().Matching("/test")
		l.On("push", push, run("push-", push.CloneURL, reviewed))
		l.On("comment", comment, run("comment-", comment.CloneURL, proposed))
		for _, f := range manifest.New(l, infra.NewPVC("caches", "1Gi"), infra.WebhookSecret("hook", "token"), infra.ListenerRBAC(l)).Namespace("ci").Findings() {
			if f.Code == "pvc-exposed" {
				out = append(out, f)
			}
		}
		return out
	}
	found := exposed("go", "go")
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Position.File, "cache_test.go", "the place in the Go program")
	assert.Contains(t, found[0].Message, `task "test" can write to directory "go" of PersistentVolumeClaim "caches"`)
	assert.Empty(t, exposed("go/"+tasks.CachePath("acme/app", tasks.Reviewed), "go/"+tasks.CachePath("acme/app", tasks.Proposed)))
}
