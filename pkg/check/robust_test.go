package check_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestNothingPanics(t *testing.T) {
	var noTask *v1.Task
	objects := []object.Object{
		{}, {Object: noTask}, {Object: &v1.Task{}}, {Object: &v1.Pipeline{}}, {Object: &v1.PipelineRun{}}, {Object: &v1.TaskRun{}},
		{Object: &v1beta1.StepAction{}}, {Object: &v1beta1.Task{}}, {Object: &corev1.Secret{}}, {Object: &unstructured.Unstructured{}},
		{Object: &unstructured.Unstructured{Object: map[string]any{"kind": "Task", "apiVersion": "tekton.dev/v1", "spec": "nonsense"}}},
		{Object: &v1.Pipeline{Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{
			{}, {TaskRef: &v1.TaskRef{}}, {TaskSpec: &v1.EmbeddedTask{}}, {PipelineRef: &v1.PipelineRef{}}, {PipelineSpec: &v1.PipelineSpec{}},
			{Matrix: &v1.Matrix{Include: v1.IncludeParamsList{{}}, Params: v1.Params{{}}}},
		}, Results: []v1.PipelineResult{{}}, Params: v1.ParamSpecs{{Default: &v1.ParamValue{}}}, Workspaces: []v1.PipelineWorkspaceDeclaration{{}}}}},
		{Object: &v1.Task{Spec: v1.TaskSpec{Results: []v1.TaskResult{{Value: &v1.ParamValue{}}}, Steps: []v1.Step{{Ref: &v1.Ref{}, When: v1.WhenExpressions{{}}}}, Sidecars: []v1.Sidecar{{}}, StepTemplate: &v1.StepTemplate{}}}},
	}
	for _, p := range []check.Profile{{}, {Complete: true, APIFields: "alpha", Coschedule: "disabled"}} {
		for _, f := range runAll(objects, p) {
			assert.NotEqual(t, "internal", f.Code, f.Error())
		}
	}
	assert.Empty(t, runAll(nil, check.Profile{}))
}

// TestUpstreamCrash tests input on which Tekton's code panics, so that it does not
// reject it: an object param without a value, and a task param with the same name.
func TestUpstreamCrash(t *testing.T) {
	objects := must(t, `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: r-}
spec:
  pipelineSpec:
    params: [{name: o, type: object, properties: {a: {type: string}}}]
    tasks:
    - name: a
      params: [{name: o, value: {a: x}}]
      taskSpec: {params: [{name: o, type: object, properties: {a: {type: string}}}], steps: [{image: x, args: [$(params.o.a)]}]}
`)
	refused, ok := admission.Refusals(admission.Everything(), objects[0].Object)
	assert.False(t, ok)
	assert.Empty(t, refused)
	assert.NotEmpty(t, runAll(objects, check.Profile{}), "the missing param")
}

func TestUnstructured(t *testing.T) {
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": map[string]any{"name": "t"},
		"spec": map[string]any{"steps": []any{map[string]any{"image": "x", "args": []any{"$(params.x)"}}}},
	}}
	found := runAll([]object.Object{{Object: o}}, check.Profile{Disabled: []string{check.RequestsMissing, check.ImageFloating}})
	require.Len(t, found, 1)
	assert.Equal(t, "param-unknown", found[0].Code)
	assert.Equal(t, "spec.steps[0].args[0]", found[0].Path.String())
}

func TestConcurrent(t *testing.T) {
	objects := bigPipeline(50)
	want := runAll(objects, check.Profile{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { assert.Equal(t, want, runAll(objects, check.Profile{})) })
	}
	wg.Wait()
}

// TestNamespaces checks that a reference finds an object in its own namespace, or if
// either has no namespace.
func TestNamespaces(t *testing.T) {
	pipeline := func(ns string) object.Object {
		return object.Object{Object: &v1.Pipeline{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: ns},
			Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "a", TaskRef: &v1.TaskRef{Name: "t"}}}},
		}}
	}
	task := func(ns string) object.Object {
		return object.Object{Object: &v1.Task{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t", Namespace: ns},
			Spec: v1.TaskSpec{Steps: []v1.Step{{Image: "x"}}},
		}}
	}
	for _, c := range []struct {
		pipeline, task string
		found          bool
	}{{"", "", true}, {"a", "a", true}, {"a", "", true}, {"", "a", true}, {"a", "b", false}} {
		err := runAll([]object.Object{pipeline(c.pipeline), task(c.task)}, check.Profile{Complete: true}).Err()
		assert.Equal(t, c.found, err == nil, "%v: %v", c, err)
	}
}

// bigPipeline returns a Pipeline of n tasks in a chain, the Task that they run, and a
// run of it.
func bigPipeline(n int) []object.Object {
	task := &v1.Task{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t"}}
	task.Spec = v1.TaskSpec{
		Params:     v1.ParamSpecs{{Name: "a"}, {Name: "b", Default: v1.NewStructuredValues("x")}, {Name: "c", Default: v1.NewStructuredValues("x")}},
		Results:    []v1.TaskResult{{Name: "r"}},
		Workspaces: []v1.WorkspaceDeclaration{{Name: "w"}},
		Steps:      []v1.Step{{Name: "s", Image: "x", Args: []string{"$(params.a)", "$(params.b)", "$(params.c)", "$(results.r.path)", "$(workspaces.w.path)"}}},
	}
	p := &v1.Pipeline{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p"}}
	p.Spec.Params = v1.ParamSpecs{{Name: "x"}}
	p.Spec.Workspaces = []v1.PipelineWorkspaceDeclaration{{Name: "w"}}
	for i := range n {
		value := "$(params.x)"
		if i > 0 {
			value = fmt.Sprintf("$(tasks.t%d.results.r)", i-1)
		}
		p.Spec.Tasks = append(p.Spec.Tasks, v1.PipelineTask{
			Name: fmt.Sprintf("t%d", i), TaskRef: &v1.TaskRef{Name: "t"},
			Params: v1.Params{
				{Name: "a", Value: *v1.NewStructuredValues(value)}, {Name: "b", Value: *v1.NewStructuredValues("$(params.x)-b")}, {Name: "c", Value: *v1.NewStructuredValues("plain")},
			},
			Workspaces: []v1.WorkspacePipelineTaskBinding{{Name: "w"}},
		})
	}
	return []object.Object{{Object: task}, {Object: p}}
}

// worst returns a Pipeline with mistakes everywhere.
func worst(n int) []object.Object {
	p := &v1.Pipeline{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p"}}
	task, _ := bigPipeline(0)[0].Object.(*v1.Task)
	for i := range n {
		p.Spec.Params = append(p.Spec.Params, v1.ParamSpec{Name: fmt.Sprintf("param-%d", i)})
		p.Spec.Tasks = append(p.Spec.Tasks, v1.PipelineTask{
			Name: fmt.Sprintf("task-%d", i), TaskRef: &v1.TaskRef{Name: "t"}, RunAfter: []string{fmt.Sprintf("nobody-%d", i)},
			Params:     v1.Params{{Name: "q", Value: *v1.NewStructuredValues(fmt.Sprintf("$(params.none-%d) $(tasks.none-%d.results.r)", i, i))}},
			Workspaces: []v1.WorkspacePipelineTaskBinding{{Name: "w", Workspace: "w"}},
		})
	}
	p.Spec.Workspaces = []v1.PipelineWorkspaceDeclaration{{Name: "w"}}
	return []object.Object{{Object: task}, {Object: p}}
}

// estate returns a Pipeline of n tasks, each with its own Task: 2 params, a workspace,
// a result, 2 steps.
func estate(n int) []object.Object {
	objects := bigPipeline(n)
	task, _ := objects[0].Object.(*v1.Task)
	pipeline, _ := objects[1].Object.(*v1.Pipeline)
	objects = objects[1:]
	for i := range n {
		t := task.DeepCopy()
		t.Name = fmt.Sprintf("t%d", i)
		t.Spec.Params = t.Spec.Params[:2]
		t.Spec.Steps[0].Args = []string{"$(params.a)", "$(results.r.path)", "$(workspaces.w.path)"}
		t.Spec.Steps = append(t.Spec.Steps, v1.Step{Name: "second", Image: "x:1", Env: []corev1.EnvVar{{Name: "B", Value: "$(params.b)"}}, Script: "set -eu\nmake \"$B\" | tee log\n"})
		pipeline.Spec.Tasks[i].TaskRef.Name = t.Name
		pipeline.Spec.Tasks[i].Params = pipeline.Spec.Tasks[i].Params[:2]
		objects = append(objects, object.Object{Object: t})
	}
	return objects
}

func BenchmarkRun(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		for name, objects := range map[string][]object.Object{"good": bigPipeline(n), "estate": estate(n)} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if err := runAll(objects, check.Profile{}).Err(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		bad := worst(n)
		b.Run(fmt.Sprintf("worst/%d", n), func(b *testing.B) {
			for b.Loop() {
				_ = runAll(bad, check.Profile{})
			}
		})
	}
}

// BenchmarkAgainstUpstream checks a Pipeline of n tasks and its Tasks, and compares
// with upstream's SetDefaults and Validate for each object.
func BenchmarkAgainstUpstream(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		objects := estate(n)
		b.Run(fmt.Sprintf("tekwright/%d", n), func(b *testing.B) {
			for b.Loop() {
				if err := runAll(objects, check.Profile{}).Err(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("upstream/%d", n), func(b *testing.B) {
			for b.Loop() {
				for _, o := range objects {
					if refused, _ := admission.Refusals(admission.Default(), o.Object); len(refused) > 0 {
						b.Fatal(refused)
					}
				}
			}
		})
	}
}

// TestOwnFile checks that of two objects with the same name, the one in the same file
// is used.
func TestOwnFile(t *testing.T) {
	in := func(file string, o runtime.Object) object.Object {
		return object.Object{Object: o, Locate: func(diag.Path, string) diag.Position {
			return diag.Position{File: file + ".yaml", Line: 1, Column: 1}
		}}
	}
	task := func(file, param string) object.Object {
		return in(file, &v1.Task{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t"},
			Spec: v1.TaskSpec{Params: v1.ParamSpecs{{Name: param}}, Steps: []v1.Step{{Image: "x:1", Args: []string{"$(params." + param + ")"}}}},
		})
	}
	pipeline := func(file, param string) object.Object {
		return in(file, &v1.Pipeline{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p-" + file},
			Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "a", TaskRef: &v1.TaskRef{Name: "t"}, Params: v1.Params{{Name: param, Value: *v1.NewStructuredValues("x")}}}}},
		})
	}
	found := runAll([]object.Object{task("one", "a"), task("two", "b"), pipeline("one", "a"), pipeline("two", "b"), pipeline("three", "b"), pipeline("four", "c")}, check.Profile{})
	var codes []string
	for _, f := range found {
		if f.Severity == diag.Error {
			codes = append(codes, f.Code+" "+f.Object.Name)
		}
	}
	assert.ElementsMatch(t, []string{"param-missing p-four"}, codes, "of two that are equally near, the one that fits is meant")
}

// TestManyNamespaces checks that of many objects with the same name, the one in the
// same namespace is used, or else one without a namespace.
func TestManyNamespaces(t *testing.T) {
	task := func(namespace, param string) *v1.Task {
		return &v1.Task{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t", Namespace: namespace},
			Spec: v1.TaskSpec{Params: v1.ParamSpecs{{Name: param}}, Steps: []v1.Step{{Image: "x:1", Args: []string{"$(params." + param + ")"}}}},
		}
	}
	pipeline := func(namespace, param string) *v1.Pipeline {
		return &v1.Pipeline{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: namespace},
			Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "a", TaskRef: &v1.TaskRef{Name: "t"}, Params: v1.Params{{Name: param, Value: *v1.NewStructuredValues("x")}}}}},
		}
	}
	for _, many := range []int{10, 100} { // fewer and more than are looked at one by one
		var objects []object.Object
		for i := range many {
			ns, param := fmt.Sprint("ns", i), fmt.Sprint("p", i)
			objects = append(objects, object.Object{Object: pipeline(ns, param)}, object.Object{Object: task(ns, param)})
		}
		objects = append(objects, object.Object{Object: task("", "anywhere")}, object.Object{Object: pipeline("elsewhere", "anywhere")},
			object.Object{Object: pipeline("ns3", "p4")})
		var errs []string
		for _, f := range runAll(objects, check.Profile{}) {
			if f.Severity == diag.Error && f.Code != "object-duplicate" {
				errs = append(errs, f.Code+" "+f.Object.Namespace)
			}
		}
		assert.ElementsMatch(t, []string{"param-missing ns3"}, errs)
	}
}
