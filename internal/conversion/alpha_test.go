package conversion

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/diag"
)

func parse(t *testing.T, in string) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(in), &out))
	return out
}

// TestAlpha converts the content of objects of v1alpha1. Odd content is kept as it is, so that
// strict decoding reports it.
func TestAlpha(t *testing.T) {
	for _, c := range []struct {
		in, want string
		moves    int
	}{
		{"{kind: Trigger}", "{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1}", 0},
		{"{kind: Trigger, spec: 5}", "{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1, spec: 5}", 0},
		{"{kind: Trigger, spec: {interceptors: [5, null, {cel: 5}], bindings: {}, template: []}}",
			"{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1, spec: {interceptors: [5, null, {}], bindings: {}, template: []}}", 1},
		{"{kind: Trigger, spec: {interceptors: [{cel: null}, {cel: {}}]}}",
			"{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1, spec: {interceptors: [{}, {ref: {name: cel, kind: ClusterInterceptor}}]}}", 2},
		{"{kind: Trigger, spec: {template: {name: a, ref: b}}}", "{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1, spec: {template: {name: a, ref: b}}}", 0},
		{"{kind: Trigger, spec: {bindings: [{name: a, value: ''}, {name: a, ref: b}]}}",
			"{kind: Trigger, apiVersion: triggers.tekton.dev/v1beta1, spec: {bindings: [{name: a, value: ''}, {name: a, ref: b}]}}", 0},
		{"{kind: TriggerBinding, spec: {params: [{name: cel}]}}", "{kind: TriggerBinding, apiVersion: triggers.tekton.dev/v1beta1, spec: {params: [{name: cel}]}}", 0},
	} {
		in := parse(t, c.in)
		got, moves := Triggers(in)
		assert.Equal(t, parse(t, c.want), got, c.in)
		assert.Len(t, moves, c.moves, c.in)
		assert.Equal(t, parse(t, c.in), in, "it stays as it is")
	}
	for _, c := range []struct{ in, want string }{
		{"{kind: Task, spec: {inputs: {params: [{name: a}]}}}", "{kind: Task, apiVersion: tekton.dev/v1beta1, spec: {params: [{name: a}]}}"},
		{"{kind: Task, spec: {inputs: {params: [{name: a}]}, params: [{name: b}]}}", "{kind: Task, apiVersion: tekton.dev/v1beta1, spec: {params: [{name: b}]}}"},
		{"{kind: Task, spec: {inputs: {resources: []}, outputs: {resources: []}}}", "{kind: Task, apiVersion: tekton.dev/v1beta1, spec: {}}"},
		{"{kind: Task, spec: {inputs: {x: 1}}}", "{kind: Task, apiVersion: tekton.dev/v1beta1, spec: {inputs: {x: 1}}}"},
		{"{kind: TaskRun, spec: {serviceAccount: a, taskSpec: {inputs: {params: []}}}}", "{kind: TaskRun, apiVersion: tekton.dev/v1beta1, spec: {serviceAccountName: a, taskSpec: {params: []}}}"},
		{"{kind: TaskRun, spec: {serviceAccount: a, serviceAccountName: b}}", "{kind: TaskRun, apiVersion: tekton.dev/v1beta1, spec: {serviceAccount: a, serviceAccountName: b}}"},
		{"{kind: PipelineRun, spec: {pipelineSpec: {finally: [{taskSpec: {inputs: {params: []}}}]}}}", "{kind: PipelineRun, apiVersion: tekton.dev/v1beta1, spec: {pipelineSpec: {finally: [{taskSpec: {params: []}}]}}}"},
		{"{kind: Pipeline, spec: {tasks: 5}}", "{kind: Pipeline, apiVersion: tekton.dev/v1beta1, spec: {tasks: 5}}"},
	} {
		got, _ := Pipelines(parse(t, c.in))
		assert.Equal(t, parse(t, c.want), got, c.in)
	}
}

// TestMoves translates the paths of new fields: the longest one that was moved decides.
func TestMoves(t *testing.T) {
	moves := Moves{
		{diag.Fields("a"), diag.Fields("x")}, {diag.Fields("a", "b"), diag.Fields("x", "y")}, {From: diag.Fields("gone")},
	}
	for path, want := range map[string]string{"x": "a", "x.z": "a.z", "x.y": "a.b", "x.y[0].q": "a.b[0].q", "other": "other", "": ""} {
		in, err := diag.ParsePath(path)
		require.NoError(t, err)
		assert.Equal(t, want, moves.Old()(in).String(), path)
	}
}

// TestBundles makes references to bundles use the resolver, at any depth.
func TestBundles(t *testing.T) {
	p := read[v1beta1.Pipeline](t, `spec: {tasks: [{name: a, taskRef: {name: t, bundle: b, kind: Task}}, {name: b, pipelineSpec: {finally: [{name: c, pipelineRef: {name: p, bundle: b}}]}},
  {name: d, taskRef: {name: t}}, {name: e, taskRef: {resolver: git}}, {name: f, taskRef: {name: t, bundle: b, kind: ClusterTask}}]}`)
	moves := Bundles(p)
	assert.Len(t, moves, 6)
	a := p.Spec.Tasks[0].TaskRef
	assert.Equal(t, v1beta1.ResolverName("bundles"), a.Resolver)
	assert.Empty(t, a.Name+a.Bundle+string(a.Kind))
	assert.Equal(t, "t", a.Params[1].Value.StringVal)
	assert.Equal(t, "task", a.Params[2].Value.StringVal)
	assert.Equal(t, "pipeline", p.Spec.Tasks[1].PipelineSpec.Finally[0].PipelineRef.Params[2].Value.StringVal)
	assert.Equal(t, "t", p.Spec.Tasks[2].TaskRef.Name)
	assert.Equal(t, v1beta1.ResolverName("git"), p.Spec.Tasks[3].TaskRef.Resolver)
	assert.Equal(t, "clustertask", p.Spec.Tasks[4].TaskRef.Params[2].Value.StringVal)
	assert.Empty(t, Bundles(p))
	assert.Empty(t, Bundles((*v1beta1.Pipeline)(nil)))
}

// TestClusterTasks makes references to ClusterTasks refer to Tasks, but not those to custom
// tasks of that kind.
func TestClusterTasks(t *testing.T) {
	p := read[v1.Pipeline](t, `spec: {tasks: [{name: a, taskRef: {name: x, kind: ClusterTask}}, {name: b, taskRef: {name: x, kind: ClusterTask, apiVersion: example.com/v1}}, {name: c, taskRef: {name: y}}],
  finally: [{name: d, taskRef: {name: x, kind: ClusterTask, apiVersion: tekton.dev/v1beta1}}]}`)
	assert.True(t, HasClusterTasks(p))
	found := ClusterTasks(p)
	require.Len(t, found, 2)
	assert.Equal(t, "x spec.tasks[0].taskRef.kind", found[0].Name+" "+found[0].At.String())
	assert.Equal(t, "x spec.finally[0].taskRef.kind", found[1].Name+" "+found[1].At.String())
	assert.Equal(t, v1.TaskKind("ClusterTask"), p.Spec.Tasks[1].TaskRef.Kind)
	assert.False(t, HasClusterTasks(p))
}
