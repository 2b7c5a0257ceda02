package oracle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// steppedCase returns a TaskRun of a system as a case of package tasktest.
func steppedCase(s *system) tasktest.Case {
	tr := s.taskRun
	var objects []runtime.Object
	for _, a := range s.actions {
		objects = append(objects, a)
	}
	task := &v1.Task{ObjectMeta: metav1.ObjectMeta{Name: tr.Name}}
	switch {
	case tr.Spec.TaskSpec != nil:
		task.Spec = *tr.Spec.TaskSpec
	case tr.Spec.TaskRef != nil:
		task = s.task(tr.Spec.TaskRef.Name)
	}
	task.TypeMeta = metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}
	c := tasktest.Case{
		Name: tr.Name, Task: tasktest.In(manifest.New(manifest.FromObjects(append(objects, task)...)), ""),
		Params: tasktest.Params{}, Workspaces: map[string]tasktest.Folder{},
	}
	for _, p := range tr.Spec.Params {
		c.Params[p.Name] = p.Value
	}
	for _, w := range tr.Spec.Workspaces {
		c.Workspaces[w.Name] = tasktest.Folder{}
	}
	return c
}

// sameSteps compares steps without what only a cluster adds.
func sameSteps(t *testing.T, theirs, ours []v1.Step, message string) {
	t.Helper()
	require.Len(t, ours, len(theirs), message)
	for i := range theirs {
		a, b := theirs[i].DeepCopy(), ours[i].DeepCopy()
		a.VolumeMounts, b.VolumeMounts = nil, nil // volumes of workspaces have random names
		assert.Equal(t, a, b, message)
	}
}

// TestTasktestSteps holds the steps that package tasktest runs against those of the Pods that
// Tekton's own code makes.
func TestTasktestSteps(t *testing.T) {
	compared, replaced := 0, 0
	for seed := range *systems {
		s := generate(seed)
		c, err := apply(s)
		if err != nil {
			continue // Tekton panics
		}
		ts := c.pods[c.taskRun.Name]
		if ts == nil {
			continue
		}
		theirs, err := v1.MergeStepsWithStepTemplate(ts.StepTemplate, ts.Steps)
		require.NoError(t, err)
		ours, err := tasktest.Steps(t.Context(), steppedCase(c.system.copy()))
		require.NoError(t, err, "seed %d", seed)
		sameSteps(t, theirs, ours, "seed")
		compared++
		for _, step := range c.system.tasks {
			for _, one := range step.Spec.Steps {
				if strings.Contains(one.Script, "$(") || len(one.Env) > 0 {
					replaced++
				}
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("compared %d TaskRuns, with %d steps that have variables", compared, replaced)
	assert.Greater(t, compared, int(*systems)*9/10)
	assert.Positive(t, replaced)
}

// TestTasktestOddSteps does the same for what the systems do not have: all spellings of a
// param, defaults that refer to others, values that look like variables, and mount paths.
func TestTasktestOddSteps(t *testing.T) {
	text := func(s string) *v1.ParamValue { return &v1.ParamValue{Type: v1.ParamTypeString, StringVal: s} }
	objectOf := func(m map[string]string) *v1.ParamValue {
		return &v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: m}
	}
	listOf := func(l ...string) *v1.ParamValue { return &v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: l} }
	script := `$(params.a) $(params["a"]) $(params['a']) $(inputs.params.a) $(params.b) $(params.c) $(params.o.k) $(params.o.d) $(params.l[0]) $(params.l[1])
$(results.r.path) $(results["r"].path) $(results['r'].path) $(step.results.s.path) $(steps.step-one.exitCode.path)
$(workspaces.w.path) $(workspaces.w.bound) $(workspaces.none.bound)$(workspaces.none.path) $(workspaces.m.path)
$(context.taskRun.name) $(context.task.name) $(context.taskRun.namespace) $(context.task.retry-count) $$(params.a) $(unknown) $(params.a`
	spec := v1.TaskSpec{
		Params: v1.ParamSpecs{
			{Name: "a", Type: v1.ParamTypeString}, {Name: "b", Type: v1.ParamTypeString, Default: text("<$(params.d)>")},
			{Name: "d", Type: v1.ParamTypeString, Default: text("default")}, {Name: "c", Type: v1.ParamTypeString, Default: text("$(params.b) $(params.d)")},
			{Name: "o", Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{"k": {Type: "string"}, "d": {Type: "string"}}, Default: objectOf(map[string]string{"d": "from default"})},
			{Name: "l", Type: v1.ParamTypeArray, Default: listOf("x", "y", "z")},
		},
		Results:      []v1.TaskResult{{Name: "r", Type: v1.ResultsTypeString}},
		Workspaces:   []v1.WorkspaceDeclaration{{Name: "w"}, {Name: "none", Optional: true}, {Name: "m", MountPath: "/mnt/$(params.d)"}},
		StepTemplate: &v1.StepTemplate{WorkingDir: "$(workspaces.w.path)"},
		Steps: []v1.Step{
			{Name: "one", Image: "$(params.d)", Script: script, Args: []string{"$(params.l[*])", "x$(params.l[0])"}, Results: []v1.StepResult{{Name: "s", Type: v1.ResultsTypeString}}},
			{Name: "two", Image: "x", Workspaces: []v1.WorkspaceUsage{{Name: "w", MountPath: "/own"}}, Script: "$(workspaces.w.path)"},
		},
	}
	for _, value := range []string{"v", "$(context.taskRun.name)", "$(results.r.path)", "$(params.d)", "$(workspaces.w.path)", "$$", "", "a\nb", `"'$(x)`} {
		task := &v1.Task{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t"}, Spec: *spec.DeepCopy()}
		tr := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: "run-1", Namespace: "default"}, Spec: v1.TaskRunSpec{
			TaskRef:    &v1.TaskRef{Name: "t"},
			Params:     v1.Params{{Name: "a", Value: *text(value)}, {Name: "o", Value: *objectOf(map[string]string{"k": value})}, {Name: "l", Value: *listOf(value, "second")}},
			Workspaces: []v1.WorkspaceBinding{{Name: "w"}, {Name: "m"}},
		}}
		mine := steppedCase(&system{tasks: []*v1.Task{task}, taskRun: tr})
		ours, err := tasktest.Steps(t.Context(), mine)
		require.NoError(t, err)
		theirs := podSteps(t, task, tr)
		sameSteps(t, theirs, ours, value)
	}
}

// podSteps returns the steps of Tekton's own code.
func podSteps(t *testing.T, task *v1.Task, tr *v1.TaskRun) []v1.Step {
	t.Helper()
	ts := resolvedTask(t, task, tr)
	steps, err := v1.MergeStepsWithStepTemplate(ts.StepTemplate, ts.Steps)
	require.NoError(t, err)
	return steps
}

// resolvedTask replaces the variables of a Task by Tekton's own code.
func resolvedTask(t *testing.T, task *v1.Task, tr *v1.TaskRun) *v1.TaskSpec {
	t.Helper()
	spec := task.Spec.DeepCopy()
	spec.SetDefaults(features())
	ts, err := applyAll(features(), tr, &trr.ResolvedTask{TaskName: task.Name, TaskSpec: spec}, nil)
	require.NoError(t, err)
	return ts
}
