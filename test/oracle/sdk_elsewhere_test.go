package oracle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// existing is a Task in the cluster, which declares more than Define does.
type existing struct {
	Text builder.String
	Dir  builder.Workspace
}

func (existing) TaskName() string { return "existing" }

func (e existing) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("text", e.Text)
	t.Workspace("dir", e.Dir)
	t.Existing()
	return t.PipelineTask()
}

// inCluster is the Task in the cluster. If it is closed, it declares what Define does.
func inCluster(closed bool) *v1.Task {
	task := &v1.Task{
		TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "existing"},
		Spec: v1.TaskSpec{
			Params:     v1.ParamSpecs{{Name: "text", Type: "string"}},
			Workspaces: []v1.WorkspaceDeclaration{{Name: "dir"}},
			Steps:      []v1.Step{{Name: "s", Image: "registry.local/alpine:3.20", Command: []string{"echo"}, Args: []string{"$(params.text)"}}},
		},
	}
	if !closed {
		task.Spec.Params = append(task.Spec.Params, v1.ParamSpec{Name: "more", Type: "string"})
		task.Spec.Workspaces = append(task.Spec.Workspaces, v1.WorkspaceDeclaration{Name: "cache"})
		task.Spec.Steps[0].Args = append(task.Spec.Steps[0].Args, "$(params.more)")
	}
	return task
}

// TestDescribedElsewhere tests what Tekton does with params and workspaces that a Task in
// the cluster declares, or does not: an undeclared param is ignored, an undeclared workspace
// and a missing value fail.
func TestDescribedElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		closed bool
		use    func(task *builder.PipelineTask, w builder.Workspace)
		args   []string
		fails  string
	}{
		"the contract":        {true, func(*builder.PipelineTask, builder.Workspace) {}, []string{"a"}, ""},
		"an undeclared param": {true, func(t *builder.PipelineTask, _ builder.Workspace) { t.Pass("other", "x") }, []string{"a"}, ""},
		"an undeclared array": {true, func(t *builder.PipelineTask, _ builder.Workspace) { t.PassArray("other", builder.Strings("x")) }, []string{"a"}, ""},
		"an undeclared object": {true, func(t *builder.PipelineTask, _ builder.Workspace) {
			t.PassObject("other", builder.ObjectOf(map[string]builder.String{"k": "v"}))
		}, []string{"a"}, ""},
		"an undeclared workspace": {true, func(t *builder.PipelineTask, w builder.Workspace) { t.PassWorkspace("other", w) }, nil, "does not match any declared workspace"},
		"all that it declares": {false, func(t *builder.PipelineTask, w builder.Workspace) {
			t.Pass("more", "b").PassWorkspace("cache", w)
		}, []string{"a", "b"}, ""},
		"without a param":     {false, func(t *builder.PipelineTask, w builder.Workspace) { t.PassWorkspace("cache", w) }, nil, "more"},
		"without a workspace": {false, func(t *builder.PipelineTask, _ builder.Workspace) { t.Pass("more", "b") }, nil, "cache"},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			w := p.Workspace("w")
			c.use(builder.Add(p, "t", existing{Text: "a", Dir: w.SubPath("a")}), w.SubPath("b"))
			r := p.Run("r", w.PVC("claim"))
			require.NoError(t, r.Build())
			s := described(t, r)
			s.tasks = append(s.tasks, inCluster(c.closed))
			got, err := apply(s)
			if c.fails != "" {
				assert.ErrorContains(t, err, c.fails)
				return
			}
			require.NoError(t, err)
			require.Contains(t, got.pods, "r-t")
			assert.Equal(t, c.args, got.pods["r-t"].Steps[0].Args)
		})
	}
}

// commits makes a result.
type commits struct{}

type committed struct {
	*builder.PipelineTask
	Commit builder.String
	Out    builder.Workspace
}

func (commits) TaskName() string { return "commits" }

func (commits) Define(t *builder.Task) committed {
	commit := t.Result("commit")
	t.Step("s").Image("registry.local/alpine:3.20").Script(`printf abc >` + commit.Path())
	return committed{PipelineTask: t.PipelineTask(), Commit: commit.Value()}
}

// TestDescribedOuter tests that Tekton replaces values of the pipeline in embedded steps,
// and mounts its workspaces in them, without a declaration.
func TestDescribedOuter(t *testing.T) {
	p := builder.NewPipeline("p")
	text, w := p.Param("text"), p.Workspace("w")
	made := builder.Add(p, "make", commits{})
	p.AddInline("use", func(t *builder.Task) {
		dir := t.OuterWorkspace(w)
		t.Step("s").Image("registry.local/alpine:3.20").
			Env("TEXT", "<"+t.Outer(text)+">").Env("COMMIT", t.Outer(made.Commit)).Env("DIR", dir.PathValue()).
			PasteScript("echo $(params.text) $(tasks.make.results.commit)", t.Outer(text), t.Outer(made.Commit))
	})
	r := p.Run("r", text.Set("value"), w.PVC("claim"))
	require.NoError(t, r.Build())
	s := described(t, r)
	assert.Equal(t, []string{"make"}, s.pipeline.Spec.Tasks[1].RunAfter)
	for _, f := range ours(s) {
		assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
	}
	got, err := apply(s)
	require.NoError(t, err)
	found := false
	for _, spec := range got.pods {
		if len(spec.Steps[0].Env) == 3 {
			found = true
			assert.Equal(t, "<value>", spec.Steps[0].Env[0].Value)
			assert.NotContains(t, spec.Steps[0].Env[1].Value, "$(")
			assert.Equal(t, "/workspace/w", spec.Steps[0].Env[2].Value)
			assert.NotContains(t, spec.Steps[0].Script, "$(")
		}
	}
	assert.True(t, found, "%v", got.pods)
}

// fetched is a StepAction whose resolver gets an input of the task.
type fetched struct{ Revision builder.TaskString }

func (fetched) StepActionName() string { return "fetched" }

func (f fetched) Define(a *builder.StepAction) *builder.Step {
	a.From(builder.Git("https://example.com/a.git", "", "a.yaml").WithTaskString("revision", "v"+f.Revision))
	return a.Step()
}

// TestDescribedStepResolver tests that Tekton replaces inputs of the task in the params of
// the resolver of a StepAction.
func TestDescribedStepResolver(t *testing.T) {
	p := builder.NewPipeline("p")
	p.AddInline("t", func(t *builder.Task) {
		builder.AddStepAction(t, "s", fetched{Revision: t.Param("revision", "1")})
	})
	require.NoError(t, p.Build())
	objects, err := p.Objects()
	require.NoError(t, err)
	spec := objects[0].Object.(*v1.Pipeline).Spec.Tasks[0].TaskSpec.TaskSpec
	run := &v1.TaskRun{Spec: v1.TaskRunSpec{Params: objects[0].Object.(*v1.Pipeline).Spec.Tasks[0].Params}}
	trr.ApplyParameterSubstitutionInResolverParams(run, spec, &spec.Steps[0])
	params := spec.Steps[0].Ref.Params
	assert.Equal(t, "v1", params[len(params)-1].Value.StringVal)
}
