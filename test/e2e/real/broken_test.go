package real_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// With nothing but what a task requires, and no optional workspace bound, each
// does its work, and writes its results.
func TestAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name := range catalogue() {
		if name == "helm-rollback" {
			continue // there is nothing before helm-deploy to roll back to
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, log := b.good(t, b.usual(name, ""))
			for _, r := range b.task(t, name).Spec.Results {
				if r.Type != v1.ResultsTypeArray { // which may have no items
					assert.NotEmpty(t, result(run, r.Name), "%s\n%s", r.Name, log)
				}
			}
			assert.NotContains(t, b.everything(t, run), apiToken)
			switch name {
			case "helm-deploy":
				run, _ := b.good(t, b.usual("helm-rollback", ""))
				assert.Equal(t, "1", result(run, "revision"), "the only revision is good: nothing to roll back")
			case "changed-paths":
				assert.Equal(t, map[string][]string{"changed": {"tiny"}, "deleted": nil}, lists(run))
			case "git-tag":
				assert.Equal(t, b.commit, b.source.Git(t, "rev-parse", "v1^{commit}"))
				again, _ := b.good(t, b.usual("git-tag", ""))
				assert.Equal(t, "false", result(again, "created"), "the tag is there")
			case "kustomize-apply":
				job, err := b.Core.BatchV1().CronJobs(b.ns).Get(t.Context(), "cron", metav1.GetOptions{})
				require.NoError(t, err)
				assert.Equal(t, "registry.example/app:1", job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Image)
			case "commit-status":
				assert.Contains(t, b.posted.all(), "POST /api/v1/repos/acme/app/statuses/"+b.commit+" token "+apiToken+` {"state":"success"`)
			case "notify":
				assert.Contains(t, b.posted.all(), "POST /hooks/"+apiToken+"  {")
			}
		})
	}
}

// The task fails with its tool: with a line of the script's own, with the
// tool's words for the cause, and without results but those that say what was
// left behind.
func TestBroken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	absent := registry() + "/" + b.ns + "/absent:1"
	for name, c := range map[string]struct {
		run     try
		says    []string
		results []string
	}{
		"clone from nowhere": {
			run:  b.usual("git-clone", "").with("url", "http://"+harness.GitHost+":1/x.git"),
			says: []string{"git-clone: cannot fetch the default branch of 'http://" + harness.GitHost + ":1/x.git'", "Failed to connect"},
		},
		"clone of no repository": {
			run:  b.usual("git-clone", "").with("url", b.source.URL()+"x"),
			says: []string{"git-clone: cannot fetch the default branch", "not found"},
		},
		"clone of no revision": {
			run:  b.usual("git-clone", "").with("revision", "v9"),
			says: []string{"git-clone: no branch, tag, ref or commit 'v9' in '" + b.source.URL() + "'"},
		},
		"failing test": {
			run:     b.usual("go-test", "").with("directory", "broken/test"),
			says:    []string{"one and one is three", "go-test: go test failed"},
			results: []string{"coverage"},
		},
		"test that does not compile": {
			run:  b.usual("go-test", "").with("directory", "broken/build"),
			says: []string{"undefined: undefined", "go-test: go test failed"},
		},
		"program that does not compile": {
			run:  b.usual("go-build", "-broken").with("directory", "broken/build"),
			says: []string{"undefined: undefined", "go-build: go build failed"},
		},
		"no module there": {
			run:  b.usual("go-build", "-none").with("directory", "none"),
			says: []string{"go-build: no directory 'none' in the source"},
		},
		"tag of nothing": {
			run:  b.usual("image-tag", "").with("commit", ""),
			says: []string{"image-tag: commit is empty"},
		},
		"Dockerfile that fails, docker":   {run: b.usual("docker-build", "-b").with("context", "img-broken"), says: []string{"the cause", "docker-build: the build failed"}},
		"Dockerfile that fails, kaniko":   {run: b.usual("kaniko", "-b").with("context", "img-broken"), says: []string{"the cause", "kaniko: the build failed"}},
		"Dockerfile that fails, buildkit": {run: b.usual("buildkit", "-b").with("context", "img-broken"), says: []string{"the cause", "buildkit: the build failed"}},
		"push to no registry, docker": {
			run:  b.usual("docker-build", "").with("image", harness.GitHost+":1/app:1"),
			says: []string{"connection refused", "docker-build: the push failed"},
		},
		"push to no registry, kaniko": {
			run:  b.usual("kaniko", "").with("image", harness.GitHost+":1/app:1"),
			says: []string{"connection refused", "kaniko: the build failed"},
		},
		"push to no registry, buildkit": {
			run:  b.usual("buildkit", "").with("image", harness.GitHost+":1/app:1"),
			says: []string{"connection refused", "buildkit: the build failed"},
		},
		"chart that does not render": {
			run:  b.usual("helm-deploy", "-bad").with("chart", "charts/bad"),
			says: []string{"a name is wanted", "helm-deploy: helm upgrade failed"},
		},
		"release that never comes up": {
			run:     b.usual("helm-deploy", "-never").with("chart", "charts/never").with("timeout", "5s"),
			says:    []string{"helm-deploy: revision 1 of app-never is failed", "helm-deploy: helm upgrade failed"},
			results: []string{"revision", "status"},
		},
		"namespace of others": {
			run:  b.usual("helm-deploy", "").with("namespace", "kube-system"),
			says: []string{"is forbidden", "helm-deploy: helm upgrade failed"},
		},
		"rollback of others": {
			run:  b.usual("helm-rollback", "").with("namespace", "kube-system"),
			says: []string{"is forbidden", "helm-rollback: cannot read the history of 'app'"},
		},
		"rollback to no revision": {
			run:  b.usual("helm-rollback", "-good").with("revision", "7"),
			says: []string{"helm-rollback: helm rollback failed"},
		},
		"manifests that are none": {
			run:     b.usual("kubectl-apply", "").with("path", "tiny/main.go"),
			says:    []string{"kubectl-apply: kubectl apply failed"},
			results: []string{"applied"},
		},
		"rollout that never ends": {
			run:     b.usual("kubectl-apply", "").with("path", "stuck").with("rollout", []string{"deployment/stuck"}).with("timeout", "5s"),
			says:    []string{"kubectl-apply: the rollout of 'deployment/stuck' did not complete"},
			results: []string{"applied"},
		},
		"no operations repository": {
			run:  b.usual("gitops-update", "").with("url", b.operations.URL()+"x"),
			says: []string{"gitops-update: cannot list the refs of '" + b.operations.URL() + "x'", "not found"},
		},
		"changes of no repository": {
			run:  b.usual("changed-paths", "").with("url", b.source.URL()+"x"),
			says: []string{"changed-paths: ", "not found"},
		},
		"changes since no revision": {
			run:  b.usual("changed-paths", "").with("base", "v9"),
			says: []string{"changed-paths: no branch, tag or ref 'v9' in '" + b.source.URL() + "'"},
		},
		"tag of no commit": {
			run:  b.usual("git-tag", "-none").with("commit", strings.Repeat("1", 40)),
			says: []string{"git-tag: "},
		},
		"kustomization that is none": {
			run:     b.usual("kustomize-apply", "").with("path", "manifests"),
			says:    []string{"kustomize-apply: "},
			results: []string{"applied"},
		},
		"kustomization for others": {
			run:     b.usual("kustomize-apply", "").with("namespace", "kube-system"),
			says:    []string{"is forbidden", "kustomize-apply: "},
			results: []string{"applied"},
		},
		"no API for statuses": {
			run:  b.usual("commit-status", "").with("api", "http://"+harness.GitHost+":1/api/v1"),
			says: []string{"commit-status: "},
		},
		"no webhook": {
			run:  b.usual("notify", "").with("url-file", "other"),
			says: []string{"notify: "},
		},
		"no such container": {
			run:  b.usual("gitops-update", "").with("container", "other").with("image", absent),
			says: []string{"gitops-update: file 'app.yaml': no container is named other; the containers are python-hello"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "rollback to no revision" {
				b.good(t, b.usual("helm-deploy", "-good"))
			}
			run, log := b.end(t, c.run)
			assert.False(t, run.IsSuccessful(), "%s", log)
			for _, text := range c.says {
				assert.Contains(t, log, text)
			}
			require.NotEmpty(t, run.Status.Steps)
			require.NotNil(t, run.Status.Steps[0].Terminated)
			assert.NotZero(t, run.Status.Steps[0].Terminated.ExitCode)
			var written []string
			for _, r := range run.Status.Results {
				written = append(written, r.Name)
			}
			assert.ElementsMatch(t, c.results, written)
		})
	}
}
