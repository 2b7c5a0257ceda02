package builder_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// pipelineIn returns the Pipeline among the objects of p.
func pipelineIn(t *testing.T, p *builder.Pipeline) *v1.Pipeline {
	t.Helper()
	objects, err := p.Objects()
	require.NoError(t, err)
	return objects[len(objects)-1].Object.(*v1.Pipeline)
}

// serious returns the codes of the warnings and errors, with their severities.
func serious(found diag.Findings) []string {
	out := []string{}
	for _, f := range found {
		if f.Severity != diag.Note {
			out = append(out, f.Severity.String()+" "+f.Code)
		}
	}
	return out
}

// TestPass tests params and workspaces that a task does not declare.
func TestPass(t *testing.T) {
	remote := Remote{From: builder.NewResolver("own")}
	for name, c := range map[string]struct {
		use   func(p *builder.Pipeline, clone Cloned, w builder.Workspace)
		want  []string
		after []string // of task "a"
	}{
		"remote": {func(p *builder.Pipeline, _ Cloned, w builder.Workspace) {
			builder.Add(p, "a", remote).Pass("x", "1").PassArray("y", builder.Strings("1")).
				PassObject("z", builder.ObjectOf(map[string]builder.String{"k": "v"})).PassWorkspace("w", w)
		}, []string{}, nil},
		"the edge of a result": {func(p *builder.Pipeline, clone Cloned, _ builder.Workspace) {
			builder.Add(p, "a", remote).Pass("x", "at "+clone.Commit)
		}, []string{}, nil},
		"the edge of a workspace": {func(p *builder.Pipeline, clone Cloned, _ builder.Workspace) {
			builder.Add(p, "a", remote).PassWorkspace("w", clone.Source)
		}, []string{}, []string{"clone"}},
		"a directory": {func(p *builder.Pipeline, clone Cloned, _ builder.Workspace) {
			builder.Add(p, "a", remote).PassWorkspace("w", clone.Source.SubPath("x"))
		}, []string{}, []string{"clone"}},
		"finally": {func(p *builder.Pipeline, clone Cloned, w builder.Workspace) {
			builder.AddFinally(p, "a", remote).Pass("x", clone.Commit).PassArray("y", builder.Strings("1")).
				PassObject("z", builder.ObjectOf(nil)).PassWorkspace("w", w)
		}, []string{}, nil},
		"an embedded task": {func(p *builder.Pipeline, clone Cloned, _ builder.Workspace) {
			p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Env("X", "$(params.x)").Script(`echo "$X"`)
			}).Pass("x", clone.Commit)
		}, []string{"error param-unknown"}, nil},
		"a task here": {func(p *builder.Pipeline, _ Cloned, _ builder.Workspace) {
			builder.Add(p, "a", Conv{Key: "k"}).Pass("x", "1")
		}, []string{"warning param-extra"}, nil},
		"a workspace of a task here": {func(p *builder.Pipeline, _ Cloned, w builder.Workspace) {
			builder.Add(p, "a", Conv{Key: "k"}).PassWorkspace("w", w)
		}, []string{"error workspace-unknown"}, nil},
		"a declared param": {func(p *builder.Pipeline, _ Cloned, _ builder.Workspace) {
			builder.Add(p, "a", Conv{Key: "k"}).Pass("key", "1")
		}, []string{"error param-duplicate"}, nil},
		"a declared workspace": {func(p *builder.Pipeline, _ Cloned, w builder.Workspace) {
			builder.Add(p, "a", Edit{Dir: w.SubPath("a")}).PassWorkspace("dir", w)
		}, []string{"error workspace-duplicate"}, nil},
		"twice": {func(p *builder.Pipeline, _ Cloned, w builder.Workspace) {
			builder.Add(p, "a", remote).Pass("x", "1").Pass("x", "2").PassWorkspace("w", w).PassWorkspace("w", w)
		}, []string{"error param-duplicate", "error workspace-duplicate"}, nil},
		"a value of another pipeline": {func(p *builder.Pipeline, _ Cloned, _ builder.Workspace) {
			builder.Add(p, "a", remote).Pass("x", builder.NewPipeline("q").Param("y")).PassWorkspace("w", builder.NewWorkspace("z"))
		}, []string{"error handle-foreign", "error handle-foreign"}, nil},
		"a whole array as a string": {func(p *builder.Pipeline, _ Cloned, _ builder.Workspace) {
			builder.Add(p, "a", remote).Pass("x", p.ArrayParam("list").All())
		}, []string{"error array-misplaced"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			w := p.Workspace("w")
			clone := builder.Add(p, "clone", Clone{URL: "u", Flags: builder.Strings("-q"), Place: builder.ObjectOf(map[string]builder.String{"host": "h", "path": "/"}), Output: w})
			c.use(p, clone, clone.Source.SubPath("d"))
			assert.Equal(t, c.want, serious(p.Findings()), "%v", p.Findings())
			if len(c.want) > 0 {
				return
			}
			for _, task := range pipelineIn(t, p).Spec.Tasks {
				if task.Name == "a" && c.after != nil {
					assert.Equal(t, c.after, task.RunAfter)
				}
			}
		})
	}
}

// TestPassEmpty tests that an empty string is passed, as it is by Set.
func TestPassEmpty(t *testing.T) {
	p := builder.NewPipeline("p")
	builder.Add(p, "a", Remote{From: builder.NewResolver("own")}).Pass("x", "")
	assert.Equal(t, v1.Params{{Name: "x", Value: *v1.NewStructuredValues("")}}, pipelineIn(t, p).Spec.Tasks[0].Params)
}

// TestPassToRuns tests params and workspaces that a pipeline or a task does not declare.
func TestPassToRuns(t *testing.T) {
	pass := func(r *builder.PipelineRun) *builder.PipelineRun {
		return r.Pass("x", "").PassArray("y", builder.Strings("1")).PassObject("z", builder.ObjectOf(map[string]builder.String{"k": "v"})).
			PassWorkspace(builder.NewWorkspace("w").PVC("claim").SubPath("d"))
	}
	run, err := pass(builder.ExistingPipeline("q").Run("r-")).PipelineRun()
	require.NoError(t, err)
	assert.Len(t, run.Spec.Params, 3)
	assert.Equal(t, "w", run.Spec.Workspaces[0].Name)
	assert.Equal(t, "d", run.Spec.Workspaces[0].SubPath)
	q := builder.ExistingPipeline("q")
	pass(q.Run("r-"))
	assert.Equal(t, []string{}, serious(q.Findings()))

	tr, err := builder.RunTask("r-", Remote{From: builder.NewResolver("own")}).Pass("x", "").PassArray("y", builder.Strings("1")).
		PassObject("z", builder.ObjectOf(map[string]builder.String{"k": "v"})).TaskRun()
	require.NoError(t, err)
	assert.Len(t, tr.Spec.Params, 3)

	p := builder.NewPipeline("p")
	key := p.Param("key")
	builder.Add(p, "a", Conv{Key: key})
	pass(p.Run("r-", key.Set("1")))
	assert.Equal(t, []string{"warning param-extra", "warning param-extra", "warning param-extra", "warning workspace-extra"}, serious(p.Findings()))

	p = builder.NewPipeline("p")
	key = p.Param("key")
	builder.Add(p, "a", Conv{Key: key})
	p.Run("r-", key.Set("1")).Pass("key", "2").PassWorkspace(builder.Workspace{}.EmptyDir()).Pass("x", key)
	assert.Equal(t, []string{"error param-duplicate", "error run-value", "error workspace-unknown", "warning param-extra"}, serious(p.Findings()))

	single, err := builder.RunTask("r-", Remote{From: builder.NewResolver("own")}).Pass("x", "1").TaskRun()
	require.NoError(t, err)
	assert.Equal(t, v1.Params{{Name: "x", Value: *v1.NewStructuredValues("1")}}, single.Spec.Params)
}

// TestOuter tests values of the pipeline that are used in embedded steps.
func TestOuter(t *testing.T) {
	for name, c := range map[string]struct {
		use   func(p *builder.Pipeline, x builder.String, clone Cloned, w builder.Workspace) *builder.PipelineTask
		want  []string
		after []string
	}{
		"a param": {func(p *builder.Pipeline, x builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("X", "v"+t.Outer(x+"/y")) })
		}, []string{}, nil},
		"a result": {func(p *builder.Pipeline, _ builder.String, clone Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("X", t.Outer(clone.Commit)) })
		}, []string{}, []string{"clone"}},
		"a workspace": {func(p *builder.Pipeline, _ builder.String, clone Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Command("ls").Args(t.OuterWorkspace(clone.Source).PathValue())
			})
		}, []string{}, []string{"clone"}},
		"a script": {func(p *builder.Pipeline, x builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).PasteScript("echo $(params.x)", t.Outer(x)) })
		}, []string{}, nil},
		"a script with a result": {func(p *builder.Pipeline, _ builder.String, clone Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).PasteScript("echo $(tasks.clone.results.commit)", t.Outer(clone.Commit))
			})
		}, []string{"warning input-in-script"}, []string{"clone"}},
		"a script with a hidden result": {func(p *builder.Pipeline, _ builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).PasteScript("echo $(tasks.clone.results.commit)")
			})
		}, []string{"error input-in-script"}, nil},
		"the value itself": {func(p *builder.Pipeline, x builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("X", builder.TaskString(x)) })
		}, []string{"error scope-mixed"}, nil},
		"another pipeline": {func(p *builder.Pipeline, _ builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Env("X", t.Outer(builder.NewPipeline("q").Param("y")))
			})
		}, []string{"error handle-foreign"}, nil},
		"no workspace": {func(p *builder.Pipeline, _ builder.String, _ Cloned, _ builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Env("X", t.OuterWorkspace(builder.Workspace{}).PathValue())
			})
		}, []string{"error workspace-missing", "error variable-syntax"}, nil},
		"a directory": {func(p *builder.Pipeline, _ builder.String, _ Cloned, w builder.Workspace) *builder.PipelineTask {
			return p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("X", t.OuterWorkspace(w.SubPath("d")).PathValue()) })
		}, []string{"error workspace-unknown", "error workspace-unordered"}, nil},
		"a Task object": {func(p *builder.Pipeline, x builder.String, _ Cloned, w builder.Workspace) *builder.PipelineTask {
			return builder.Add(p, "a", UsesOuter{X: x, W: w})
		}, []string{"error scope-mixed", "error scope-mixed", "error workspace-unknown"}, nil},
		"an embedded Task": {func(p *builder.Pipeline, x builder.String, _ Cloned, w builder.Workspace) *builder.PipelineTask {
			return builder.Add(p, "a", UsesOuter{X: x, W: w}).Embed()
		}, []string{}, []string{"clone"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			x, w := p.Param("x"), p.Workspace("w")
			clone := builder.Add(p, "clone", Clone{URL: x, Flags: builder.Strings("-q"), Place: builder.ObjectOf(map[string]builder.String{"host": "h", "path": "/"}), Output: w})
			c.use(p, x, clone, clone.Source).Describe("uses outer values")
			var found diag.Findings
			for _, f := range p.Findings() {
				if f.Code != "workspace-unknown" || c.want != nil && f.Severity == diag.Error {
					found = append(found, f)
				}
			}
			if len(c.want) == 0 {
				assert.Empty(t, errorCodes(found), "%v", found)
				task := pipelineIn(t, p).Spec.Tasks[1]
				assert.Equal(t, c.after, task.RunAfter)
				assert.Equal(t, "uses outer values", task.Description)
				return
			}
			assert.Equal(t, c.want[0], serious(found)[0], "%v", found)
			for _, f := range errorCodes(found) {
				assert.Contains(t, fmt.Sprint(c.want), f)
			}
		})
	}
}

// UsesOuter is a Task that uses values of its pipeline without declaring them.
type UsesOuter struct {
	X builder.String
	W builder.Workspace
}

func (UsesOuter) TaskName() string { return "uses-outer" }

func (u UsesOuter) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("s").Image(image).Env("X", t.Outer(u.X)).Command("ls").Args(t.OuterWorkspace(u.W).PathValue())
	return t.PipelineTask()
}

// TestOldWholeArray tests that the old way to pass a whole array can be written as text.
func TestOldWholeArray(t *testing.T) {
	p := builder.NewPipeline("p")
	p.ArrayParam("list")
	builder.Add(p, "a", Join{Items: builder.Strings("$(params.list)"), About: builder.ObjectOf(map[string]builder.String{"name": "n", "mail": "m"})})
	assert.Empty(t, errorCodes(p.Findings()), "%v", p.Findings())
}

// TestTaskRunSpecs tests all that a run sets for a task, also for one in finally.
func TestTaskRunSpecs(t *testing.T) {
	cpu := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("2")}
	limits := corev1.ResourceRequirements{Limits: cpu}
	p := builder.NewPipeline("p")
	key := p.Param("key")
	a := builder.Add(p, "a", Conv{Key: key})
	b := builder.AddFinally(p, "b", Conv{Key: key})
	labels := map[string]string{"team": "ci"}
	run := p.Run("r-", key.Set("k")).
		TaskRunSpec(a, builder.TaskRunSpec{Steps: []v1.TaskRunStepSpec{{Name: "c", ComputeResources: limits}}, Labels: labels}).
		TaskRunSpec(b, builder.TaskRunSpec{
			ServiceAccount: "cleaner", Memory: "1Gi", Resources: limits, Annotations: map[string]string{"why": "cleanup"},
		})
	labels["team"] = "changed"
	assert.Equal(t, []string{"step-unknown"}, codesOf(t, run.Build()), "%v", run.Build())
	objects, err := run.Objects()
	require.NoError(t, err)
	specs := objects[len(objects)-1].Object.(*v1.PipelineRun).Spec.TaskRunSpecs
	require.Len(t, specs, 2)
	assert.Equal(t, map[string]string{"team": "ci"}, specs[0].Metadata.Labels)
	assert.Equal(t, limits, specs[0].StepSpecs[0].ComputeResources)
	assert.Nil(t, specs[0].ComputeResources)
	assert.Equal(t, "b", specs[1].PipelineTaskName)
	assert.Equal(t, "cleaner", specs[1].ServiceAccountName)
	assert.Equal(t, cpu, specs[1].ComputeResources.Limits)
	assert.Equal(t, "1Gi", specs[1].ComputeResources.Requests.Memory().String())
	assert.Equal(t, map[string]string{"why": "cleanup"}, specs[1].Metadata.Annotations)

	var none *builder.FinallyTask[ConvOut]
	assert.Contains(t, codesOf(t, p.Run("s-", key.Set("k")).TaskRunSpec(none, builder.TaskRunSpec{}).Build()), "task-unknown")

	single := builder.RunTask("r-", Edit{}).StepResources("x", limits).SidecarResources("y", limits)
	objects, _ = single.Objects()
	spec := objects[len(objects)-1].Object.(*v1.TaskRun).Spec
	assert.Equal(t, []v1.TaskRunStepSpec{{Name: "x", ComputeResources: limits}}, spec.StepSpecs)
	assert.Equal(t, []v1.TaskRunSidecarSpec{{Name: "y", ComputeResources: limits}}, spec.SidecarSpecs)
}

// The Task in the cluster declares more than Define does.
func ExamplePipelineTask_Pass() {
	p := builder.NewPipeline("release")
	builder.Add(p, "announce", Announce{Channel: "ci"}).Pass("thread", "releases")
	if err := manifest.New(p).Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # Code generated by tekwright; DO NOT EDIT.
	// apiVersion: tekton.dev/v1
	// kind: Pipeline
	// metadata:
	//   name: release
	// spec:
	//   tasks:
	//     - name: announce
	//       taskRef:
	//         name: announce
	//       params:
	//         - name: channel
	//           value: ci
	//         - name: thread
	//           value: releases
}

// A step of an embedded task uses a param of the pipeline.
func ExampleTask_Outer() {
	p := builder.NewPipeline("p")
	version := p.Param("version")
	p.AddInline("show", func(t *builder.Task) {
		t.Step("show").Image("registry.local/tool:1").Command("echo").Args(t.Outer(version))
	}).Describe("shows the version")
	if err := manifest.New(p).Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # Code generated by tekwright; DO NOT EDIT.
	// apiVersion: tekton.dev/v1
	// kind: Pipeline
	// metadata:
	//   name: p
	// spec:
	//   params:
	//     - name: version
	//   tasks:
	//     - name: show
	//       description: shows the version
	//       taskSpec:
	//         steps:
	//           - name: show
	//             image: registry.local/tool:1
	//             command:
	//               - echo
	//             args:
	//               - $(params.version)
}
