package cluster_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestFollowPanics tests that a function of FollowOptions that panics ends Follow with
// an error, and leaves no goroutines.
func TestFollowPanics(t *testing.T) {
	for name, o := range map[string]cluster.FollowOptions{
		"Events": {Logs: true, Events: func(cluster.Event) { panic("boom") }},
		"Status": {Logs: true, Status: func(cluster.Status) { panic("boom") }},
	} {
		s := newRunServer(t)
		f := filmOf(t, "skips")
		s.put(f.run)
		before := goroutines()
		_, err := s.client.PipelineRun("", "skips").Follow(t.Context(), o)
		require.ErrorContains(t, err, `stopped following PipelineRun "skips" in namespace "e2e", which keeps running, because a function of FollowOptions was called: it panicked: boom (pkg/cluster/panic_test.go:`, name)
		// A goroutine that has said that it is done may still be there for a moment.
		assert.Eventually(t, func() bool { return goroutines() == before }, 5*time.Second, time.Millisecond, name)
	}
}

// TestNoClient tests clients and runs that were not made by New.
func TestNoClient(t *testing.T) {
	p := builder.NewPipeline("p")
	p.AddInline("t", func(t *builder.Task) { t.Step("s").Image("registry.local/a:1").Script("true") })
	config := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "c"}}
	for _, c := range []*cluster.Client{nil, {}} {
		_, err := c.Apply(t.Context(), manifest.FromObjects(config), cluster.ApplyOptions{})
		require.ErrorContains(t, err, "the client is nil or empty: make it with New")
		_, err = c.Start(t.Context(), p.Run("r"), cluster.StartOptions{})
		require.ErrorContains(t, err, "the client is nil or empty")
		_, err = c.Versions(t.Context())
		require.ErrorContains(t, err, "the client is nil or empty")
		_, err = c.PipelineRun("ns", "r").Status(t.Context())
		require.ErrorContains(t, err, "the client is nil or empty")
	}
	for _, r := range []*cluster.Run{nil, {}} {
		_, err := r.Follow(t.Context(), cluster.FollowOptions{})
		require.Error(t, err)
		require.Error(t, r.Cancel(t.Context(), ""))
	}
}
