package exampletest

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// PaCSet is a set with a folder of Pipelines-as-Code.
type PaCSet interface {
	CheckDir(dir string) error
	CheckPaC(dir string) error
	Findings() diag.Findings
}

// Tekton checks an example of Pipelines-as-Code: the committed folders manifests and .tekton
// are what the program writes, and the checker reports no errors or warnings for it.
func Tekton[S PaCSet](t *testing.T, build func() S) {
	t.Run("manifests", func(t *testing.T) {
		require.NoError(t, build().CheckDir("manifests"), "run go generate in this folder")
	})
	t.Run(".tekton", func(t *testing.T) {
		require.NoError(t, build().CheckPaC(".tekton"), "run go generate in this folder")
	})
	t.Run("no warning", func(t *testing.T) {
		for _, f := range build().Findings() {
			assert.Equal(t, diag.Note, f.Severity, "%v", f)
		}
	})
	t.Run("folder", func(t *testing.T) {
		loaded, err := manifest.Load(t.Context(), []string{".tekton", "manifests"}, manifest.LoadOptions{})
		require.NoError(t, err)
		require.NotEmpty(t, loaded.Objects)
		found, err := check.Run(t.Context(), loaded.Objects, loaded.Profile())
		require.NoError(t, err)
		for _, f := range append(loaded.Findings, found...) {
			assert.Equal(t, diag.Note, f.Severity, "%v", f)
		}
	})
}

// Event is a webhook, and the names of the runs that it starts.
type Event struct {
	Hook   pac.Webhook
	Starts string
}

// Events tests which runs of the folder .tekton events start.
func Events(t *testing.T, events map[string]Event) {
	for name, e := range events {
		t.Run(name, func(t *testing.T) {
			out, err := pac.Matches(os.DirFS(".tekton"), e.Hook)
			require.NoError(t, err)
			require.Empty(t, out.Stopped)
			require.Empty(t, out.Ended)
			var started, why []string
			for _, r := range out.Runs {
				if r.Started {
					started = append(started, r.Name)
				} else {
					why = append(why, r.Name+": "+r.Check+": "+r.Reason)
				}
			}
			assert.Equal(t, e.Starts, strings.Join(started, " "), strings.Join(why, "\n"))
		})
	}
}

type object = map[string]any

func hook(header, kind string, payload object, files []string) pac.Webhook {
	text, _ := json.Marshal(payload)
	return pac.Webhook{Headers: http.Header{header: {kind}}, Payload: text, CommitMessage: "a commit", Changed: pac.ChangedFiles{All: files, Modified: files}}
}

// commit is the commit of all events.
const commit = "8f3a1d0c2b4e5f60718293a4b5c6d7e8f9012345"

func githubRepository(url string) object {
	owner, name, _ := strings.Cut(strings.TrimPrefix(url, "https://github.com/"), "/")
	return object{"id": 1, "name": name, "full_name": owner + "/" + name, "html_url": url, "default_branch": "main", "owner": object{"login": owner}}
}

// GitHubPush returns the push of a ref, whose head commit changes the files.
func GitHubPush(url, ref string, files ...string) pac.Webhook {
	return hook("X-Github-Event", "push", object{
		"ref": ref, "before": strings.Repeat("1", 40), "after": commit, "repository": githubRepository(url), "sender": object{"login": "dev"}, "pusher": object{"name": "dev"},
		"head_commit": object{"id": commit, "message": "a commit", "url": url + "/commit/" + commit},
	}, files)
}

func githubPull(url, target string) object {
	repo := githubRepository(url)
	return object{
		"number": 7, "state": "open", "title": "it's {{ a }} title", "html_url": url + "/pull/7", "user": object{"login": "dev"}, "draft": false, "labels": []object{{"name": "bug"}},
		"head": object{"ref": "fix/it's", "sha": commit, "repo": repo}, "base": object{"ref": target, "repo": repo},
	}
}

// GitHubPullRequest returns the event of a pull request.
func GitHubPullRequest(url, action, target string, files ...string) pac.Webhook {
	return hook("X-Github-Event", "pull_request", object{
		"action": action, "number": 7, "pull_request": githubPull(url, target), "repository": githubRepository(url), "sender": object{"login": "dev"},
	}, files)
}

// GitHubComment returns a comment on a pull request to main.
func GitHubComment(url, text string, files ...string) pac.Webhook {
	w := hook("X-Github-Event", "issue_comment", object{
		"action": "created", "comment": object{"id": 1, "body": text}, "repository": githubRepository(url), "sender": object{"login": "dev"},
		"issue": object{"number": 7, "state": "open", "pull_request": object{"url": url + "/pull/7"}},
	}, files)
	w.PullRequest, _ = json.Marshal(githubPull(url, "main"))
	return w
}

func gitlabProject(url string) object {
	return object{"id": 3, "web_url": url, "default_branch": "main", "path_with_namespace": strings.TrimPrefix(url, "https://gitlab.com/")}
}

func gitlabCommit(url string) object {
	return object{"id": commit, "title": "a title", "message": "a title\n", "url": url + "/-/commit/" + commit}
}

// GitLabPush returns the push of a branch (Push Hook) or a tag (Tag Push Hook).
func GitLabPush(url, kind, ref string, files ...string) pac.Webhook {
	return hook("X-Gitlab-Event", kind, object{
		"ref": ref, "before": strings.Repeat("1", 40), "after": commit, "checkout_sha": commit, "user_username": "dev", "project": gitlabProject(url), "project_id": 3,
		"commits": []object{gitlabCommit(url)},
	}, files)
}

// GitLabMergeRequest returns the event of a merge request that was opened.
func GitLabMergeRequest(url, target string, files ...string) pac.Webhook {
	project := gitlabProject(url)
	return hook("X-Gitlab-Event", "Merge Request Hook", object{
		"object_kind": "merge_request", "user": object{"id": 9, "username": "dev"}, "project": project, "labels": []object{}, "changes": object{},
		"object_attributes": object{
			"iid": 7, "title": "a title", "action": "open", "source_branch": "fix", "target_branch": target, "last_commit": gitlabCommit(url), "source": project, "target": project, "state": "opened",
		},
	}, files)
}
