package apply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestStartKeepsSet shows that a run started from the source of a set leaves the
// objects in it.
func TestStartKeepsSet(t *testing.T) {
	s := newScene(t)
	set := cluster.ApplyOptions{Set: "x", Prune: true}
	_, err := s.client.Apply(t.Context(), manifest.FromObjects(task("a", old), configMap("c", "1")), set)
	require.NoError(t, err)
	_, err = s.client.Start(t.Context(), manifest.FromObjects(task("a", newer), configMap("c", "1"), run("r", old)),
		cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
	require.NoError(t, err)
	live, err := s.Tekton.TektonV1().Tasks(s.namespace).Get(t.Context(), "a", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, newer, live.Spec.Steps[0].Image)
	assert.Equal(t, "x", live.Labels[cluster.SetLabel])
	changes, err := s.client.Apply(t.Context(), manifest.FromObjects(configMap("c", "1")), set)
	require.NoError(t, err)
	assert.Equal(t, []string{"unchanged ConfigMap c", "pruned Task a"}, told(changes))
}

// TestApplyStarted shows that a run with a name can be started and applied in
// any order, and that its name stays taken.
func TestApplyStarted(t *testing.T) {
	s := newScene(t)
	// A PipelineRun with claims of its own, as YAML would have them.
	pr := &pipelinev1.PipelineRun{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"},
		ObjectMeta: metav1.ObjectMeta{Name: "p"},
		Spec: pipelinev1.PipelineRunSpec{
			PipelineSpec: &pipelinev1.PipelineSpec{
				Workspaces: []pipelinev1.PipelineWorkspaceDeclaration{{Name: "source"}},
				Tasks:      []pipelinev1.PipelineTask{{Name: "t", TaskSpec: &pipelinev1.EmbeddedTask{TaskSpec: task("", old).Spec}}},
			},
			Workspaces: []pipelinev1.WorkspaceBinding{{Name: "source", VolumeClaimTemplate: &corev1.PersistentVolumeClaim{Spec: claim("").Spec}}},
		},
	}
	_, err := s.client.Start(t.Context(), blind(pr), cluster.StartOptions{})
	require.NoError(t, err)
	for range 3 {
		changes, err := s.client.Apply(t.Context(), blind(pr), cluster.ApplyOptions{})
		require.NoError(t, err)
		assert.Equal(t, []string{"unchanged PipelineRun p"}, told(changes), changes[0].Diff)
	}
	// One that another program created under the name of this manager, with
	// fields that Apply would not send.
	twin := pr.DeepCopy()
	twin.Name = "twin"
	_, err = s.Tekton.TektonV1().PipelineRuns(s.namespace).Create(t.Context(), twin, metav1.CreateOptions{FieldManager: "tekwright"})
	require.NoError(t, err)
	_, err = s.client.Apply(t.Context(), blind(twin), cluster.ApplyOptions{})
	require.NoError(t, err)
	changes, err := s.client.Apply(t.Context(), blind(twin), cluster.ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"unchanged PipelineRun twin"}, told(changes), changes[0].Diff)

	source := manifest.FromObjects(run("r", old))
	_, err = s.client.Start(t.Context(), source, cluster.StartOptions{})
	require.NoError(t, err)
	for range 3 {
		changes, err := s.client.Apply(t.Context(), source, cluster.ApplyOptions{})
		require.NoError(t, err)
		assert.Equal(t, []string{"unchanged TaskRun r"}, told(changes), changes[0].Diff)
	}
	var refused *cluster.RejectedError
	_, err = s.client.Apply(t.Context(), manifest.FromObjects(run("r", newer)), cluster.ApplyOptions{})
	require.ErrorAs(t, err, &refused)
	assert.Contains(t, refused.Help, "an existing run cannot be changed")
	var exists *cluster.AlreadyExistsError
	_, err = s.client.Start(t.Context(), source, cluster.StartOptions{})
	require.ErrorAs(t, err, &exists)
}
