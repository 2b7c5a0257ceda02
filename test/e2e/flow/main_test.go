// Package flow proves on a live Tekton that runs go as the library says: what
// runs after what, what runs side by side, what is skipped, retried and rolled
// back, and what tasks hand to each other.
package flow

import (
	"bytes"
	"flag"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Tests wait for the cluster more than they work, so that more of them run side
// by side than there are processors.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8") // the command line may say otherwise
	harness.Main(m)
}

// start puts all that the sources bring into a namespace of its own, and starts
// the one run among it.
func start(t *testing.T, sources ...manifest.Source) *harness.Play {
	t.Helper()
	t.Parallel()
	c := harness.Get(t)
	var stream bytes.Buffer
	require.NoError(t, manifest.New(sources...).Namespace(c.Namespace(t)).Write(&stream))
	return play(t, c, harness.Decode(t, stream.String()))
}

// play creates the objects, and starts the one run among them.
func play(t *testing.T, c *harness.Cluster, objects []*unstructured.Unstructured) *harness.Play {
	t.Helper()
	var run *unstructured.Unstructured
	for _, o := range objects {
		if harness.IsRun(o) {
			require.Nil(t, run, "there are two runs")
			run = o
			continue
		}
		if o.GetKind() == "Namespace" {
			continue // made already
		}
		_, err := c.Create(t.Context(), o)
		require.NoError(t, err)
	}
	require.NotNil(t, run, "there is no run")
	return c.Play(t, run)
}
