package cluster

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/object"
)

// TestApplyOwned tests what others create: a Secret is looked for, and a run without a name,
// which a CronJob creates again and again, is not.
func TestApplyOwned(t *testing.T) {
	s, c := newServer(t)
	run := &pipelinev1.PipelineRun{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{GenerateName: "nightly-"}}
	run.Spec.PipelineSpec = &pipelinev1.PipelineSpec{Tasks: []pipelinev1.PipelineTask{{Name: "a", TaskSpec: &pipelinev1.EmbeddedTask{
		TaskSpec: pipelinev1.TaskSpec{Steps: []pipelinev1.Step{{Name: "a", Image: "registry.local/alpine:3.20", Script: "true"}}},
	}}}}
	changes, err := c.Apply(t.Context(), declaredSecrets{
		{Object: &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Name: "token"}, Data: map[string][]byte{"token": nil}},
			Declared: &object.Declaration{Owner: "the platform team"}},
		{Object: run, Declared: &object.Declaration{Owner: `CronJob "nightly"`}},
	}, ApplyOptions{Set: "x", Prune: true})
	require.NoError(t, err)
	require.Len(t, changes, 1)
	assert.Equal(t, Missing, changes[0].Action)
	assert.Equal(t, "it is to be created by the platform team", changes[0].Help)
	assert.Empty(t, s.asked)
}
