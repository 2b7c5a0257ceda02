package real_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// atWork says "" once the tool of a running task is at work.
type atWork func(ctx context.Context, t *testing.T, run string) string

// A task that is cancelled in the middle of its work: the pod goes, no result is
// written, and what it leaves behind is not in the way of the next run.
// ImageTag is over before anybody can cancel it.
func TestCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	never := b.usual("helm-deploy", "-three").with("chart", "charts/never")
	for name, c := range map[string]struct {
		before []try
		run    try
		busy   atWork
		after  func(*testing.T)
	}{
		"git-clone":     b.hanging(t, b.usual("git-clone", ""), "url", "/clone.git"),
		"gitops-update": b.hanging(t, b.usual("gitops-update", ""), "url", "/operations.git"),
		"changed-paths": b.hanging(t, b.usual("changed-paths", ""), "url", "/changes.git"),
		"git-tag":       b.hanging(t, b.usual("git-tag", "-hang"), "url", "/tag.git"),
		"commit-status": b.hanging(t, b.usual("commit-status", ""), "api", "/api"),
		"go-build":      b.hanging(t, b.usual("go-build", "-hang").with("directory", "hang"), "proxy", ""),
		"go-test": {
			run:  b.usual("go-test", "").with("directory", "slow").with("flags", []string{"-v"}).with("packages", []string{"."}),
			busy: b.says("at work\n"),
		},
		"docker-build": {run: b.usual("docker-build", "").with("context", "img-slow"), busy: b.says("at work\n")},
		"kaniko":       {run: b.usual("kaniko", "").with("context", "img-slow"), busy: b.says("at work\n")},
		"buildkit":     {run: b.usual("buildkit", "").with("context", "img-slow"), busy: b.says("at work\n")},
		"kubectl-apply": {
			run:  b.usual("kubectl-apply", "").with("path", "stuck").with("rollout", []string{"deployment/stuck"}),
			busy: b.says("Waiting for deployment"),
		},
		"helm-deploy, the first": {
			run:  b.usual("helm-deploy", "-one").with("chart", "charts/never"),
			busy: b.release("app-one", "1 pending-install"),
			after: func(t *testing.T) {
				assert.Equal(t, []string{"1 failed"}, b.releases(t.Context(), "app-one"))
				b.good(t, b.usual("helm-deploy", "-one"))
			},
		},
		"helm-deploy, an upgrade": {
			before: []try{b.usual("helm-deploy", "-two")},
			run:    b.usual("helm-deploy", "-two").with("chart", "charts/never"),
			busy:   b.release("app-two", "2 pending-upgrade"),
			after: func(t *testing.T) {
				assert.Equal(t, []string{"1 deployed", "2 failed"}, b.releases(t.Context(), "app-two"))
				run, _ := b.good(t, b.usual("helm-rollback", "-two"))
				assert.Equal(t, "3", result(run, "revision"))
				b.good(t, b.usual("helm-deploy", "-two"))
			},
		},
		"helm-rollback": { // helm itself leaves this one as it is, and refuses to upgrade
			before: []try{
				never.with("wait", "false"),
				never.with("set", []string{"replicas=0"}),
			},
			run:  b.usual("helm-rollback", "-three").with("revision", "previous"),
			busy: b.release("app-three", "3 pending-rollback"),
			after: func(t *testing.T) {
				_, log := b.end(t, never.with("set", []string{"replicas=0"}))
				assert.Contains(t, log, "helm-deploy: helm upgrade failed: revision 3 is pending-rollback; if no other deploy is running, roll it back")
				run, _ := b.good(t, b.usual("helm-rollback", "-three"))
				assert.Equal(t, "4", result(run, "revision"))
				b.good(t, never.with("set", []string{"replicas=0"}))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, first := range c.before {
				b.good(t, first)
			}
			name := b.start(t, c.run)
			until(t, long, "the tool is at work", func(ctx context.Context) string { return c.busy(ctx, t, name) })
			b.cancel(t, name)
			if c.after != nil {
				c.after(t)
			}
		})
	}
}

// says waits for a text in the log of the step.
func (b *bench) says(text string) atWork {
	return func(ctx context.Context, t *testing.T, name string) string {
		run, err := b.Tekton.TektonV1().TaskRuns(b.ns).Get(ctx, name, metav1.GetOptions{})
		require.NoError(t, err)
		require.False(t, run.IsDone(), "%s", run.Status.GetCondition("Succeeded").GetMessage())
		if log := b.log(t, run); !strings.Contains(log, text) {
			return "not yet: " + log
		}
		return ""
	}
}

// release waits for the newest revision of a release.
func (b *bench) release(name, newest string) atWork {
	return func(ctx context.Context, _ *testing.T, _ string) string {
		if states := b.releases(ctx, name); len(states) == 0 || states[len(states)-1] != newest {
			return fmt.Sprint("not yet: ", states)
		}
		return ""
	}
}

// hanging is a run with the URL of a server that never answers.
func (b *bench) hanging(t *testing.T, c try, param, path string) (out struct {
	before []try
	run    try
	busy   atWork
	after  func(*testing.T)
}) {
	t.Helper()
	var asked atomic.Int64
	url := harness.Serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body) // until then, the server does not see that the client goes
		<-r.Context().Done()
	}))
	out.run = c.with(param, url+path)
	out.busy = func(context.Context, *testing.T, string) string {
		if asked.Load() == 0 {
			return "the server is asked nothing"
		}
		return ""
	}
	return out
}

// cancel cancels the run, and waits until nothing of it is left on the node.
func (b *bench) cancel(t *testing.T, name string) {
	t.Helper()
	runs := b.Tekton.TektonV1().TaskRuns(b.ns)
	_, err := runs.Patch(t.Context(), name, types.MergePatchType, []byte(`{"spec":{"status":"TaskRunCancelled"}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	run := b.taskRun(t, b.ns, name, long)
	assert.Equal(t, v1.TaskRunReasonCancelled.String(), run.Status.GetCondition("Succeeded").GetReason())
	assert.Empty(t, run.Status.Results)
	until(t, 3*time.Minute, "the pod is gone", func(ctx context.Context) string {
		pods, err := b.Core.CoreV1().Pods(b.ns).List(ctx, metav1.ListOptions{LabelSelector: "tekton.dev/taskRun=" + name})
		if err != nil || len(pods.Items) > 0 {
			return fmt.Sprint(len(pods.Items), err)
		}
		return ""
	})
}
