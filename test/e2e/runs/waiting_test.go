package runs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// A task that cannot start says why while it waits; or fails, and says it then.
func TestWaits(t *testing.T) {
	harness.Get(t).Needs(t, harness.Node)
	t.Parallel()
	for name, c := range map[string]struct {
		define func(*builder.Task)
		mutate func(*v1.PipelineRun)
		want   string
	}{
		"unschedulable": {define: func(t *builder.Task) {
			t.Step("work").Image(image).Script("true").Requests("500", "1Gi")
		}, want: "nsufficient cpu"},
		"image": {define: func(t *builder.Task) {
			t.Step("work").Image("docker.io/library/nowhere:1").Command("true")
		}, want: "docker.io/library/nowhere:1"},
		"secret volume": {define: func(t *builder.Task) {
			v := t.Volume(corev1.Volume{Name: "token", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "token"}}})
			t.Step("work").Image(image).Script("true").Mount(v, "/token")
		}, want: `secret "token" not found`},
		"secret variable": {define: func(t *builder.Task) {
			t.Step("work").Image(image).Script("true").EnvSecret("TOKEN", "token", "key")
		}, want: "config error"},
		"account": {define: good, mutate: func(r *v1.PipelineRun) { r.Spec.TaskRunTemplate.ServiceAccountName = "nobody" },
			want: `"nobody" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := builder.NewPipeline("waits")
			p.AddInline("work", c.define)
			run := p.Run("waits")
			if c.mutate != nil {
				run.Mutate(c.mutate)
			}
			l := start(t, run)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			o := l.options()
			note, why := o.Events, ""
			o.Events = func(e cluster.Event) {
				note(e)
				if (e.Type == cluster.EventTaskWaiting || e.Type == cluster.EventTaskFinished) && strings.Contains(e.String(), c.want) {
					why = e.String()
					cancel()
				}
			}
			outcome, err := l.run.Follow(ctx, o)
			l.show(t, outcome)
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
			assert.Contains(t, why, c.want)
		})
	}
}

// A claim that is not there keeps the pod from being scheduled.
func TestWaitsForClaim(t *testing.T) {
	harness.Get(t).Needs(t, harness.Node)
	t.Parallel()
	p := builder.NewPipeline("claim")
	src := p.Workspace("source")
	p.AddInline("work", func(t *builder.Task) {
		t.Workspace("source", src)
		good(t)
	})
	l := start(t, p.Run("claim", src.PVC("nowhere")))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	o := l.options()
	note := o.Events
	o.Events = func(e cluster.Event) {
		if note(e); strings.Contains(e.String(), `"nowhere" not found`) {
			cancel()
		}
	}
	outcome, err := l.run.Follow(ctx, o)
	l.show(t, outcome)
	require.ErrorIs(t, err, context.Canceled, "it was told before the minute was over")
}
