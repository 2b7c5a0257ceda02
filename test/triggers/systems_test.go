package triggers_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/test/triggers/harness"
)

// system is a listener of examples/.
type system struct {
	sender       string
	secret       string // name of the Secret; its key is token
	repositories []string
	// starts are the triggers that the payloads start once they are of one of
	// the repositories, and of branch main.
	starts func(repository string) map[string]string
}

var systems = map[string]system{
	"release": {"gitlab", "gitlab-webhook", []string{"course/devops-demo"}, func(string) map[string]string {
		return map[string]string{"gitlab-push": "gitlab-release", "gitlab-push-goscm": "gitlab-release"}
	}},
	"gitops": {"gitlab", "gitlab-webhook", []string{"hello/python"}, func(string) map[string]string {
		return map[string]string{"gitlab-push": "gitlab-build-hello", "gitlab-push-goscm": "gitlab-build-hello"}
	}},
	"image-build": {"github", "github-webhook", []string{"acme/shop"}, func(string) map[string]string {
		return map[string]string{
			"github-push-goscm": "github-push", "github-push-new-branch": "github-push",
			"github-pr-opened": "github-pull-request", "github-pr-synchronize": "github-pull-request",
			"github-pr-reopened-goscm": "github-pull-request",
		}
	}},
	"multi-repo": {"github", "github-webhook", []string{"hb-chen/gateway", "hb-chen/gmqtt"}, func(repository string) map[string]string {
		name := "github-" + strings.TrimPrefix(repository, "hb-chen/")
		return map[string]string{"github-push-goscm": name, "github-push-new-branch": name}
	}},
}

// of makes a payload one of a repository and a branch, where it has them.
func (p payload) of(t *testing.T, repository, branch string) payload {
	t.Helper()
	edit := map[string]any{}
	set := func(path string, v any) {
		if p.has(t, path) {
			edit[path] = v
		}
	}
	set("repository.full_name", repository)
	set("project.path_with_namespace", repository)
	set("pull_request.base.ref", branch)
	set("object_attributes.target_branch", branch)
	if strings.HasPrefix(p.ref(t), "refs/heads/") {
		set("ref", "refs/heads/"+branch)
	}
	return p.edit(t, edit)
}

// ref is what was pushed, "" for other payloads.
func (p payload) ref(t *testing.T) string {
	t.Helper()
	var body struct{ Ref string }
	require.NoError(t, json.Unmarshal(p.body, &body))
	return body.Ref
}

// TestSystems sends all payloads to the listeners of examples/.
func TestSystems(t *testing.T) {
	for name, s := range systems {
		t.Run(name, func(t *testing.T) {
			l := harness.Open(t, example(t, name)).Secret(s.secret, "token", secret)
			for _, p := range payloads(t) {
				if p.sender == "gitea" && s.sender == "github" {
					continue // alike, see TestOtherSenders
				}
				assert.Empty(t, l.Send(t, p.request(secret)).Runs, "%s: of another repository", p.name)
				for _, repository := range s.repositories {
					own := p.of(t, repository, "main")
					out := l.Send(t, own.request(secret))
					if want := s.starts(repository)[p.name]; want == "" {
						assert.Empty(t, out.Runs, "%s of %s", p.name, repository)
						continue
					}
					assert.Equal(t, []string{s.starts(repository)[p.name]}, slices.Sorted(maps.Keys(out.Runs)),
						"%s of %s: %s", p.name, repository, strings.Join(out.Why, "\n"))
					assertCommit(t, own, out)
					assert.Empty(t, l.Send(t, own.request(other)).Runs, "%s: wrong signature", p.name)
					assert.Empty(t, l.Send(t, own.request("")).Runs, "%s: no signature", p.name)
					assert.Empty(t, l.Send(t, p.of(t, repository, "mainly").request(secret)).Runs, "%s: another branch", p.name)
					assert.Empty(t, l.Send(t, p.of(t, repository+"s", "main").request(secret)).Runs, "%s: another repository", p.name)
					if own.has(t, "pull_request.head.repo.id") {
						fork := own.edit(t, map[string]any{"pull_request.head.repo.id": 1})
						assert.Empty(t, l.Send(t, fork.request(secret)).Runs, "%s: from a fork", p.name)
					}
				}
			}
		})
	}
}

// assertCommit shows that a run takes the commit and the repository of its
// event, and that no argument is left to be filled in.
func assertCommit(t *testing.T, p payload, out harness.Outcome) {
	t.Helper()
	commits := expected()[p.name].starts
	for name, run := range out.Runs {
		values := slices.Collect(maps.Values(harness.Params(run)))
		for _, want := range commits { // the only one
			assert.Contains(t, values, want["sha"], "%s takes no commit", name)
			assert.True(t, slices.Contains(values, want["url"]) || slices.Contains(values, want["ssh"]), "%s takes no repository: %v", name, values)
		}
		assert.NotContains(t, strings.Join(values, " "), "$(tt.", name)
	}
}

// example is the stream that an example prints.
func example(t *testing.T, name string) []byte {
	t.Helper()
	cmd := exec.Command("go", "run", "./examples/"+name)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	return out
}
