package events

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// event is a payload of a system's own repository, changed, and signed by key.
type event struct {
	payload string
	with    map[string]any
	key     string // secret if empty; "none" signs nothing
	why     string // each trigger starts nothing, one of them since its interceptor says this
}

// started is the run that an event starts.
type started struct {
	event             event
	trigger, pipeline string
	params            map[string]string
}

// system is a listener of the examples.
type system struct {
	name    string
	account string // of the runs
	starts  []started
	none    map[string]event
}

// hub makes a payload of GitHub one of a repository and a branch.
func hub(repository, branch string) map[string]any {
	return map[string]any{"repository.full_name": repository, "ref": "refs/heads/" + branch}
}

// pull makes a pull request of GitHub one to the branch main of acme/shop, from the
// repository with the id.
func pull(from int) map[string]any {
	return map[string]any{"repository.full_name": "acme/shop", "pull_request.base.ref": "main", "pull_request.head.repo.id": from}
}

// shop is the id of the repository in the recorded pull requests.
const shop = 186853002

// lab makes a payload of GitLab one of a repository and a branch.
func lab(repository, branch string) map[string]any {
	return map[string]any{"project.path_with_namespace": repository, "ref": "refs/heads/" + branch}
}

// filtered is what the CEL interceptor says of a filter that does not hold.
const filtered = "did not return true"

// gitHubNone are events of GitHub that start nothing, in a repository.
func gitHubNone(repository string) map[string]event {
	main := hub(repository, "main")
	return map[string]event{
		"wrong signature":    {"github-push-goscm", main, "another secret", "payload signature check failed"},
		"no signature":       {"github-push-goscm", main, "none", "no X-Hub-Signature-256 header set"},
		"another branch":     {"github-push-goscm", hub(repository, "mainly"), "", filtered},
		"another repository": {"github-push-goscm", hub(repository+"s", "main"), "", filtered},
		"deletion":           {"github-push-branch-delete-goscm", main, "", filtered},
		"tag":                {"github-push-tag-goscm", map[string]any{"repository.full_name": repository}, "", filtered},
		"ping":               {"github-ping", map[string]any{"repository.full_name": repository}, "", "event type ping is not allowed"},
	}
}

// gitLabNone are events of GitLab that start nothing, in a repository.
func gitLabNone(repository string) map[string]event {
	main := lab(repository, "main")
	return map[string]event{
		"wrong token":        {"gitlab-push", main, "another secret", "Invalid X-GitLab-Token"},
		"no token":           {"gitlab-push", main, "none", "no X-Gitlab-Token header set"},
		"another branch":     {"gitlab-push", lab(repository, "mainly"), "", filtered},
		"another repository": {"gitlab-push", lab(repository+"s", "main"), "", filtered},
		"deletion":           {"gitlab-push-branch-delete-goscm", main, "", filtered},
		"merge request": {"gitlab-merge-request", map[string]any{"project.path_with_namespace": repository}, "",
			"event type Merge Request Hook is not allowed"},
	}
}

func systems() []system {
	const head, commit = "199eddf46df50de8d02e99bf1c5fdb4101338224", "da1560886d4f094c3e6c9ef40349f7d38b5d27d7"
	images := system{name: "image-build", account: "", none: gitHubNone("acme/shop"), starts: []started{
		{event{payload: "github-push-goscm", with: hub("acme/shop", "main")}, "github-push", "images", map[string]string{
			"repo": "git@github.com:Codertocat/Hello-World.git", "revision": head, "images": "registry.k8s.local/acme",
		}},
		{event{payload: "github-pr-opened", with: pull(shop)}, "github-pull-request", "images", map[string]string{
			"repo":     "git@github.com:Codertocat/Hello-World.git",
			"revision": "ec26c3e57ca3a959ca5aad62de7213c562f8c821", "images": "registry.k8s.local/acme",
		}},
	}}
	images.none["fork"] = event{"github-pr-opened", pull(1), "", filtered}
	images.none["closed"] = event{"github-pr-closed", pull(shop), "", filtered}
	many := system{name: "multi-repo", account: "build-bot", none: gitHubNone("hb-chen/gateway")}
	for _, service := range []string{"gateway", "gmqtt"} {
		many.starts = append(many.starts, started{
			event{payload: "github-push-goscm", with: hub("hb-chen/"+service, "main")}, "github-" + service, service,
			map[string]string{"repo": "https://github.com/Codertocat/Hello-World.git", "revision": head},
		})
	}
	return []system{images, many,
		{"release", "release", []started{{
			event{payload: "gitlab-push", with: lab("course/devops-demo", "main")}, "gitlab-release", "release", map[string]string{
				"repo": "http://example.com/mike/diaspora.git", "revision": commit, "image": "harbor.k8s.local/course/devops-demo",
			},
		}}, gitLabNone("course/devops-demo")},
		{"gitops", "", []started{{
			event{payload: "gitlab-push", with: lab("hello/python", "main")}, "gitlab-build-hello", "build-hello", map[string]string{
				"repo": "git@example.com:mike/diaspora.git", "revision": commit,
				"operations": "git@gitlab.k8s.local:hello/operations.git", "image": "registry.k8s.local/hello/python",
			},
		}}, gitLabNone("hello/python")},
	}
}

// send posts an event.
func (s *sink) send(e event) string {
	s.t.Helper()
	key := e.key
	switch key {
	case "":
		key = secret
	case "none":
		key = ""
	}
	return s.post(recorded(s.t, e.payload).with(s.t, e.with), key)
}

// manifests are the objects of an example, but its runs.
func manifests(t *testing.T, name string) (objects []*unstructured.Unstructured) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", name, "manifests", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, o := range harness.Decode(t, string(text)) {
			if !harness.IsRun(o) {
				objects = append(objects, o)
			}
		}
	}
	return objects
}

// TestExamples posts what senders have sent to the listeners of the examples,
// whose account has the rights that their manifests give it, and no others.
func TestExamples(t *testing.T) {
	for _, system := range systems() {
		t.Run(system.name, func(t *testing.T) {
			t.Parallel()
			c := harness.Get(t)
			s := open(t, c, c.Move(t, c.Namespace(t), manifests(t, system.name)))
			for name, e := range system.none {
				s.refused(s.send(e), name, e.why)
			}
			var events []string
			var want []started
			for _, w := range system.starts {
				events, want = append(events, s.send(w.event)), append(want, w)
			}
			twice := recorded(t, want[0].event.payload).with(t, want[0].event.with)
			events = append(events, s.deliver(twice.request(t, s.url, secret), twice.request(t, s.url, secret))...)
			want = append(want, want[0], want[0])
			for i, run := range s.runs(events...) {
				w := want[i]
				assert.Equal(t, w.trigger, run.Labels["triggers.tekton.dev/trigger"])
				assert.Equal(t, w.pipeline, run.Spec.PipelineRef.Name)
				params := map[string]string{}
				for _, p := range run.Spec.Params {
					params[p.Name] = p.Value.StringVal
				}
				assert.Equal(t, w.params, params)
				account := system.account
				if account == "" {
					account = "default"
				}
				assert.Equal(t, account, run.Spec.TaskRunTemplate.ServiceAccountName)
			}
			s.finish(events)
			s.runs(events...) // and no other has come meanwhile
			s.rights()
		})
	}
}

// finish follows the runs of the events to their end, which is success where
// nothing is run but what stands in for it.
func (s *sink) finish(events []string) {
	s.t.Helper()
	if s.c.Tier != harness.ControlPlane {
		return
	}
	harness.StandsIn(s.t, "a kubelet that ends pods without running them")
	for _, run := range s.runs(events...) {
		outcome, err := s.c.Client.PipelineRun(s.ns, run.Name).Follow(s.t.Context(), cluster.FollowOptions{})
		require.NoError(s.t, err)
		require.NoError(s.t, outcome.Err())
	}
}
