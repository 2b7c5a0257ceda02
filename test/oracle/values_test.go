package oracle

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestVariablesInInputs shows which variables Tekton replaces in the value of an
// input, as the comment of package tasks says. The value is the same text in each
// param of a task of the catalogue.
func TestVariablesInInputs(t *testing.T) {
	t.Parallel()
	tasksByName := map[string]*v1.Task{}
	for _, definition := range []*builder.Definition{
		builder.Define(tasks.GitClone{}), builder.Define(tasks.GoTest{}), builder.Define(tasks.GoBuild{}), builder.Define(tasks.ImageTag{}),
		builder.Define(tasks.DockerBuild{}), builder.Define(tasks.Kaniko{}), builder.Define(tasks.BuildKit{}), builder.Define(tasks.HelmDeploy{}),
		builder.Define(tasks.HelmRollback{}), builder.Define(tasks.KubectlApply{}), builder.Define(tasks.GitOpsUpdate{}), builder.Define(tasks.ChangedPaths{}), builder.Define(tasks.Buildah{}), builder.Define(tasks.Ko{}), builder.Define(tasks.CosignSign{}), builder.Define(tasks.KustomizeApply{}), builder.Define(tasks.GoLint{}), builder.Define(tasks.ImageCopy{}), builder.Define(tasks.Notify{}), builder.Define(tasks.GitTag{}), builder.Define(tasks.CommitStatus{}),
	} {
		task, err := definition.Task()
		require.NoError(t, err)
		tasksByName[task.Name] = task
	}
	require.Len(t, tasksByName, 21)
	for name, task := range tasksByName {
		step := task.Spec.Steps[0].Name
		replaced := map[string]string{
			"$(context.taskRun.name)": "run", "$(context.taskRun.namespace)": "default", "$(context.taskRun.uid)": "1-2",
			"$(context.task.name)": name, "$(context.task.retry-count)": "0",
			"$(steps.step-" + step + ".exitCode.path)": "/tekton/steps/step-" + step + "/exitCode",
			"$(step.artifacts.path)":                   "/tekton/steps/step-" + step + "/artifacts/provenance.json",
			"$(artifacts.path)":                        "/tekton/artifacts/provenance.json",
			"$(credentials.path)":                      "/tekton/creds",
		}
		kept := []string{"$(context.pipelineRun.name)", "$(context.pipeline.name)", "$(tasks.clone.results.commit)", "$(workspaces.other.path)", "$(HOME)", "$$(HOME)"}
		run := &v1.TaskRun{TypeMeta: typeMeta("v1", "TaskRun"), ObjectMeta: metav1.ObjectMeta{Name: "run", Namespace: "default", UID: "1-2"},
			Spec: v1.TaskRunSpec{TaskRef: &v1.TaskRef{Name: name}}}
		for _, w := range task.Spec.Workspaces {
			binding := v1.WorkspaceBinding{Name: w.Name, PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "sources"}}
			run.Spec.Workspaces = append(run.Spec.Workspaces, binding)
			replaced["$(workspaces."+w.Name+".path)"] = "/workspace/" + w.Name
			replaced["$(workspaces."+w.Name+".claim)"] = "sources"
			replaced["$(workspaces."+w.Name+".bound)"] = "true"
		}
		for _, r := range task.Spec.Results {
			replaced["$(results."+r.Name+".path)"] = "/tekton/results/" + r.Name
		}
		for _, p := range task.Spec.Params {
			if p.Type == v1.ParamTypeString {
				kept = append(kept, "$(params."+p.Name+")")
			}
		}
		planted := strings.Join(append(slices.Sorted(maps.Keys(replaced)), kept...), " ")
		want := planted
		for variable, value := range replaced {
			want = strings.ReplaceAll(want, variable, value)
		}
		for _, p := range task.Spec.Params {
			value := text(planted)
			if p.Type == v1.ParamTypeArray {
				value = list(planted)
			}
			run.Spec.Params = append(run.Spec.Params, v1.Param{Name: p.Name, Value: value})
		}

		c := &cluster{system: &system{tasks: []*v1.Task{task}}, ctx: features(), pods: map[string]*v1.TaskSpec{}}
		require.NoError(t, admit(c.ctx, run), name)
		meta := run.DeepCopy()
		got := pod(t, c, meta)
		inputs := 0
		for _, s := range got.Steps {
			for _, value := range append(values(s.Env), s.Args...) {
				if strings.Contains(value, "$(context.pipelineRun.name)") {
					assert.Equal(t, want, value, name)
					inputs++
				}
			}
			assert.NotContains(t, s.Script, "$(context.pipelineRun.name)", "%s: an input is part of the script", name)
		}
		for _, s := range got.Sidecars {
			for _, value := range append(values(s.Env), s.Args...) {
				if strings.Contains(value, "$(context.pipelineRun.name)") {
					assert.NotContains(t, value, "$(context.taskRun.name)", name)
					inputs++
				}
			}
		}
		assert.GreaterOrEqual(t, inputs, len(task.Spec.Params), "%s: an input is not passed on", name)
	}
}

func values(env []corev1.EnvVar) (out []string) {
	for _, e := range env {
		out = append(out, e.Value)
	}
	return out
}

// pod returns what the pod of a TaskRun is made of.
func pod(t *testing.T, c *cluster, run *v1.TaskRun) *v1.TaskSpec {
	t.Helper()
	err := c.reconcileTaskRun(run) // its last step reports the variables that are left
	require.Contains(t, c.pods, run.Name, "%v", err)
	return trr.ApplyCredentialsPath(c.pods[run.Name], pipeline.CredsDir) // as its createPod does
}

// TestVariablesInParamsOfARun is the same for a param of a PipelineRun: Tekton
// replaces more in it before it reaches the input of a task.
func TestVariablesInParamsOfARun(t *testing.T) {
	t.Parallel()
	step := func(args ...string) []v1.Step {
		return []v1.Step{{Name: "a", Image: "registry.local/a:1", Command: []string{"a"}, Args: args}}
	}
	s := &system{
		pipeline: &v1.Pipeline{TypeMeta: typeMeta("v1", "Pipeline"), ObjectMeta: metav1.ObjectMeta{Name: "release"}, Spec: v1.PipelineSpec{
			Params:     v1.ParamSpecs{{Name: "text", Type: v1.ParamTypeString}, {Name: "other", Type: v1.ParamTypeString}},
			Workspaces: []v1.PipelineWorkspaceDeclaration{{Name: "source"}},
			Tasks: []v1.PipelineTask{
				{Name: "make", TaskSpec: &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{Results: []v1.TaskResult{{Name: "token", Type: v1.ResultsTypeString}}, Steps: step()}}},
				{Name: "use", RunAfter: []string{"make"}, Params: v1.Params{{Name: "input", Value: text("$(params.text)")}},
					TaskSpec: &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{Params: v1.ParamSpecs{{Name: "input", Type: v1.ParamTypeString}}, Steps: step("$(params.input)")}}},
			},
		}},
		run: &v1.PipelineRun{TypeMeta: typeMeta("v1", "PipelineRun"), ObjectMeta: metav1.ObjectMeta{Name: "release-1"}, Spec: v1.PipelineRunSpec{
			PipelineRef: &v1.PipelineRef{Name: "release"},
			Params: v1.Params{{Name: "other", Value: text("o")}, {Name: "text", Value: text(
				"$(context.pipelineRun.name) $(context.pipeline.name) $(workspaces.source.bound)")}},
			Workspaces: []v1.WorkspaceBinding{{Name: "source", EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		}},
		taskRun: &v1.TaskRun{TypeMeta: typeMeta("v1", "TaskRun"), ObjectMeta: metav1.ObjectMeta{Name: "other"}, Spec: v1.TaskRunSpec{
			TaskSpec: &v1.TaskSpec{Steps: step()},
		}},
	}
	c, err := apply(s)
	require.Contains(t, c.pods, "release-1-use", "%v", err)
	assert.Equal(t, []string{"release-1 release true"}, c.pods["release-1-use"].Steps[0].Args)

	s.run.Spec.Params[1].Value = text("$(params.other)")
	_, err = apply(s)
	assert.ErrorContains(t, err, "literal in the task of the Pipeline: $(params.other)")
	s.run.Spec.Params[1].Value = text("$(tasks.make.results.token)")
	_, err = apply(s)
	assert.ErrorContains(t, err, "cannot use result expressions")
}
