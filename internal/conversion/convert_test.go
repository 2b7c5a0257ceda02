package conversion

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/diag"
)

func read[T any](t *testing.T, in string) *T {
	t.Helper()
	out := new(T)
	require.NoError(t, yaml.UnmarshalStrict([]byte(in), out))
	return out
}

// TestTypes gives params the type that Tekton would infer, which its own
// conversion takes for text.
func TestTypes(t *testing.T) {
	const params = `params: [{name: a}, {name: b, default: [x]}, {name: c, default: {k: v}}, {name: d, properties: {k: {}}}, {name: e, type: array}]`
	want := []v1.ParamType{"string", "array", "object", "object", "array"}
	typed := func(got v1.ParamSpecs) {
		t.Helper()
		var types []v1.ParamType
		for _, p := range got {
			types = append(types, p.Type)
		}
		assert.Equal(t, want, types)
	}
	old := read[v1beta1.Pipeline](t, `spec: {`+params+`, tasks: [{name: a, taskSpec: {`+params+`}}], finally: [{name: b, pipelineSpec: {tasks: [{name: c, taskSpec: {`+params+`}}]}}]}`)
	before := old.DeepCopy()
	o, err := Convert(old)
	require.NoError(t, err)
	assert.Equal(t, before, old, "it stays as it is")
	p, ok := o.(*v1.Pipeline)
	require.True(t, ok)
	typed(p.Spec.Params)
	typed(p.Spec.Tasks[0].TaskSpec.Params)
	typed(p.Spec.Finally[0].PipelineSpec.Tasks[0].TaskSpec.Params)

	o, err = Convert(read[v1beta1.TaskRun](t, `spec: {taskSpec: {`+params+`}}`))
	require.NoError(t, err)
	typed(o.(*v1.TaskRun).Spec.TaskSpec.Params)
	o, err = Convert(read[v1beta1.PipelineRun](t, `spec: {pipelineSpec: {`+params+`}}`))
	require.NoError(t, err)
	typed(o.(*v1.PipelineRun).Spec.PipelineSpec.Params)
}

// TestConvert keeps what Tekton's conversion loses of pipelines in pipelines,
// and of a status no more than the start.
func TestConvert(t *testing.T) {
	start := metav1.NewTime(time.Unix(1, 0).UTC())
	run := read[v1beta1.PipelineRun](t, `spec: {pipelineSpec: {tasks: [{name: a, pipelineRef: {name: b}}, {name: c, pipelineSpec: {tasks: [{name: d, pipelineRef: {name: e}}]}}]}}`)
	run.Status.StartTime, run.Status.ObservedGeneration = &start, 5
	o, err := Convert(run)
	require.NoError(t, err)
	got, ok := o.(*v1.PipelineRun)
	require.True(t, ok)
	assert.Equal(t, metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, got.TypeMeta)
	assert.Equal(t, &start, got.Status.StartTime)
	assert.Zero(t, got.Status.ObservedGeneration)
	assert.Equal(t, "b", got.Spec.PipelineSpec.Tasks[0].PipelineRef.Name)
	assert.Equal(t, "e", got.Spec.PipelineSpec.Tasks[1].PipelineSpec.Tasks[0].PipelineRef.Name)

	for _, other := range []runtime.Object{&corev1.Secret{}, &v1.Task{}, &v1beta1.StepAction{}} {
		o, err := Convert(other)
		require.NoError(t, err)
		assert.Nil(t, o)
	}
	const broken = `metadata: {annotations: {tekton.dev/v1beta1.task-deprecations: "{"}}` + "\n"
	for _, o := range []runtime.Object{
		read[v1beta1.Task](t, broken), read[v1beta1.TaskRun](t, broken+`spec: {taskSpec: {}}`),
		read[v1beta1.Pipeline](t, broken+`spec: {tasks: [{name: a, taskSpec: {}}]}`),
		read[v1beta1.PipelineRun](t, broken+`spec: {pipelineSpec: {tasks: [{name: a, taskSpec: {}}]}}`),
	} {
		_, err := Convert(o)
		assert.Error(t, err, "%T", o)
	}
}

func TestPath(t *testing.T) {
	timed := &v1beta1.PipelineRun{Spec: v1beta1.PipelineRunSpec{Timeout: &metav1.Duration{}}}
	for _, c := range []struct {
		of        runtime.Object
		path, old string
	}{
		{&v1beta1.Task{}, "", ""},
		{&v1beta1.Task{}, "spec.steps[0].computeResources.limits", "spec.steps[0].resources.limits"},
		{&v1beta1.Task{}, "spec.stepTemplate.computeResources", "spec.stepTemplate.resources"},
		{&v1beta1.Task{}, `metadata.annotations["a.computeResources\"].b"].x`, `metadata.annotations["a.computeResources\"].b"].x`},
		{&v1beta1.TaskRun{}, "spec.computeResources", "spec.computeResources"},
		{&v1beta1.TaskRun{}, "spec.stepSpecs[1].computeResources", "spec.stepOverrides[1].resources"},
		{&v1beta1.TaskRun{}, "spec.sidecarSpecs[1].computeResources", "spec.sidecarOverrides[1].resources"},
		{&v1beta1.PipelineRun{}, "spec.taskRunTemplate.podTemplate.env", "spec.podTemplate.env"},
		{&v1beta1.PipelineRun{}, "spec.taskRunTemplate", "spec"},
		{&v1beta1.PipelineRun{}, "spec.taskRunSpecs[0].serviceAccountName", "spec.taskRunSpecs[0].taskServiceAccountName"},
		{&v1beta1.PipelineRun{}, "spec.taskRunSpecs[0].podTemplate.env", "spec.taskRunSpecs[0].taskPodTemplate.env"},
		{&v1beta1.PipelineRun{}, "spec.taskRunSpecs[0].computeResources", "spec.taskRunSpecs[0].computeResources"},
		{&v1beta1.PipelineRun{}, "spec.timeouts.pipeline", "spec.timeouts.pipeline"},
		{timed, "spec.timeouts.pipeline", "spec.timeout"},
		{timed, "spec.timeouts.tasks", "spec.timeouts.tasks"},
	} {
		path, err := diag.ParsePath(c.path)
		require.NoError(t, err, c.path)
		assert.Equal(t, c.old, Path(c.of, path).String(), c.path)
	}
}
