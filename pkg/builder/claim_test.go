package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// TestReadOnlyClaim tests claims that are mounted read-only, and when their group is changed.
func TestReadOnlyClaim(t *testing.T) {
	p := builder.NewPipeline("p")
	w := p.Workspace("w")
	p.AddInline("a", func(t *builder.Task) {
		m := t.Workspace("w", w)
		t.Step("a").Image("registry.local/alpine:3").Script("ls " + m.Path())
	})
	run, err := p.Run("r-", w.PVC("models").ReadOnly()).FSGroupChangePolicy(corev1.FSGroupChangeOnRootMismatch).FSGroup(7).PipelineRun()
	require.NoError(t, err)
	assert.True(t, run.Spec.Workspaces[0].PersistentVolumeClaim.ReadOnly)
	assert.Equal(t, "models", run.Spec.Workspaces[0].PersistentVolumeClaim.ClaimName)
	context := run.Spec.TaskRunTemplate.PodTemplate.SecurityContext
	assert.Equal(t, int64(7), *context.FSGroup)
	assert.Equal(t, corev1.FSGroupChangeOnRootMismatch, *context.FSGroupChangePolicy)

	run, err = p.Run("r-", w.PVC("models")).PipelineRun()
	require.NoError(t, err)
	assert.Nil(t, run.Spec.TaskRunTemplate.PodTemplate)
	_, err = p.Run("r-", w.VolumeClaimTemplate("1Gi").ReadOnly()).PipelineRun()
	require.ErrorContains(t, err, "ReadOnly is called on a binding that is not a PersistentVolumeClaim")
	assert.Nil(t, (*builder.WorkspaceBinding)(nil).ReadOnly())
	assert.Nil(t, (*builder.PipelineRun)(nil).FSGroupChangePolicy(""))
	assert.Nil(t, (*builder.TaskRun)(nil).FSGroupChangePolicy(""))
}
