package builder_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/pkg/builder"
)

// pipelineOf returns the Pipeline among the objects.
func pipelineOf(p *builder.Pipeline) *v1.Pipeline {
	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return &v1.Pipeline{}
	}
	return objects[len(objects)-1].Object.(*v1.Pipeline)
}

// An object has keys that are known. A task gets all of it or one key, and objects are also
// made of other values.
func ExamplePipeline_ObjectParam() {
	p := builder.NewPipeline("release")
	app := p.ObjectParam("app", []string{"name", "version"}, builder.DefaultObject(map[string]string{"name": "shop", "version": "1.0"}))
	p.AddInline("announce", func(t *builder.Task) {
		whole := t.ObjectParam("app", app, []string{"name", "version"})
		t.Step("announce").Image("registry.local/tools:3").Env("NAME", whole.Key("name")).Command("announce")
	})
	p.AddInline("tag", func(t *builder.Task) {
		t.Step("tag").Image("registry.local/tools:3").Env("VERSION", t.Param("version", app.Key("version"))).Command("tag")
	})
	p.ObjectResult("released", builder.ObjectOf(map[string]builder.String{"image": "registry.local/" + app.Key("name")}))
	spec := pipelineOf(p).Spec
	fmt.Println(spec.Tasks[0].Params[0].Value.StringVal, spec.Tasks[1].Params[0].Value.StringVal, spec.Results[0].Value.ObjectVal["image"])
	// Output: $(params.app[*]) $(params.app.version) registry.local/$(params.app.name)
}

// A run need not bind an optional workspace. The task that needs it runs only if it does.
func ExampleOptional() {
	p := builder.NewPipeline("publish")
	login := p.Workspace("login", builder.Optional())
	p.AddInline("push", func(t *builder.Task) {
		w := t.Workspace("login", login, builder.Optional(), builder.ReadOnly())
		t.Step("push").Image("registry.local/tools:3").Env("LOGIN", w.PathValue()).Command("push")
	}).When(login.Bound().In("true"))
	fmt.Println(pipelineOf(p).Spec.Tasks[0].When[0].Input)
	// Output: $(workspaces.login.bound)
}

// Two tasks may write to the workspace at the same time, because they say that they can.
func ExampleConcurrent() {
	p := builder.NewPipeline("builds")
	cache := p.Workspace("cache")
	for _, name := range []string{"api", "web"} {
		p.AddInline("build-"+name, func(t *builder.Task) {
			w := t.Workspace("cache", cache, builder.Concurrent())
			t.Step("build").Image("registry.local/tools:3").Env("CACHE", w.PathValue()).Command("build", builder.TaskString(name))
		})
	}
	fmt.Println(p.Build())
	// Output: <nil>
}

// One combination gets another input, and one is added.
func ExampleMatrix_Include() {
	p := builder.NewPipeline("tests")
	parts := p.ArrayParam("parts", builder.DefaultArray("unit", "api"))
	test := builder.AddMatrix(p, "test", Shard{Part: builder.Each(parts)})
	test.Include("slow", Shard{Part: "e2e"})
	p.AddInline("count", func(t *builder.Task) {
		t.Step("count").Image("registry.local/tools:3").Env("COUNT", t.Param("count", test.Length())).Command("count")
	}).After(test)
	spec := pipelineOf(p).Spec
	fmt.Println(spec.Tasks[0].Matrix.Include[0].Params[0].Value.StringVal, spec.Tasks[1].Params[0].Value.StringVal)
	// Output: e2e $(tasks.test.matrix.length)
}

// A finally task can have a matrix as well.
func ExampleAddFinallyMatrix() {
	p := builder.NewPipeline("previews")
	names := p.ArrayParam("names")
	builder.Add(p, "test", Shard{Part: "all"})
	builder.AddFinallyMatrix(p, "delete", Shard{Part: builder.Each(names)})
	fmt.Println(pipelineOf(p).Spec.Finally[0].Matrix.Params[0].Value.StringVal)
	// Output: $(params.names[*])
}

// A task's result is that of a step.
func ExampleFromStep() {
	p := builder.NewPipeline("version")
	p.AddInline("read", func(t *builder.Task) {
		read := t.Step("read").Image("registry.local/tools:3")
		version := read.Result("version")
		read.Script("read-version > " + version.Path())
		t.Result("version", builder.FromStep(version))
	})
	fmt.Println(pipelineOf(p).Spec.Tasks[0].TaskSpec.Results[0].Value.StringVal)
	// Output: $(steps.read.results.version)
}

// Definition is a task whose definition is somewhere else.
type Definition struct{ From builder.Resolver }

func (Definition) TaskName() string { return "remote" }

func (d Definition) Define(t *builder.Task) *builder.PipelineTask {
	t.From(d.From)
	return t.PipelineTask()
}

// Tekton has a resolver for each place where a definition can be.
func ExampleResolver() {
	p := builder.NewPipeline("remote")
	for i, from := range []builder.Resolver{
		builder.Bundle("registry.local/tasks:3", "lint"),
		builder.Cluster("shared", "lint"),
		builder.HTTP("https://example.com/lint.yaml"),
		builder.Git("https://example.com/tasks.git", "v3", "lint.yaml").With("token", "git-token"),
		builder.Hub("lint", "0.3"),
	} {
		builder.Add(p, fmt.Sprint("lint-", i), Definition{from})
	}
	for _, task := range pipelineOf(p).Spec.Tasks {
		fmt.Println(task.TaskRef.Resolver, task.TaskRef.Params[0].Value.StringVal)
	}
	// Output:
	// bundles registry.local/tasks:3
	// cluster shared
	// http https://example.com/lint.yaml
	// git https://example.com/tasks.git
	// hub lint
}

// A run can contain its pipeline, and that its tasks: one object that depends on no other.
func ExamplePipelineRun_Embed() {
	p := builder.NewPipeline("tests")
	builder.Add(p, "test", Shard{Part: "all"}).Embed()
	run := p.Run("tests-").Embed()
	objects, err := run.Objects()
	fmt.Println(len(objects), err)
	// Output: 1 <nil>
}

// The value of a param is one of a few.
func ExampleEnum() {
	p := builder.NewPipeline("deploy")
	env := p.Param("env", builder.Enum("staging", "prod"), builder.Default("staging"))
	builder.Add(p, "test", Shard{Part: env})
	fmt.Println(pipelineOf(p).Spec.Params[0].Enum)
	// Output: [staging prod]
}

// A Task that exists in the cluster declares more params than its type, of all kinds.
func ExamplePipelineTask_PassArray() {
	p := builder.NewPipeline("release")
	people := p.ArrayParam("people")
	announce := builder.Add(p, "announce", Announce{Channel: "ci"})
	announce.Pass("emoji", "ship").PassArray("people", people).
		PassObject("links", builder.ObjectOf(map[string]builder.String{"run": "https://ci.example.com/" + builder.RunName}))
	for _, param := range pipelineOf(p).Spec.Tasks[0].Params {
		fmt.Println(param.Name, param.Value.Type)
	}
	// Output:
	// channel string
	// emoji string
	// people array
	// links object
}

// A task that is described in place uses a workspace of its pipeline without declaring it.
func ExampleTask_OuterWorkspace() {
	p := builder.NewPipeline("list")
	src := p.Workspace("source")
	p.AddInline("list", func(t *builder.Task) {
		files := t.OuterWorkspace(src)
		t.Step("list").Image("registry.local/tools:3").WorkingDir(files.PathValue()).Command("ls")
	})
	fmt.Println(pipelineOf(p).Spec.Tasks[0].TaskSpec.Steps[0].WorkingDir)
	// Output: $(workspaces.source.path)
}

// One run of a task has other resources.
func ExampleTaskRun_StepResources() {
	more := corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("2Gi")}}
	run, err := builder.RunTask("shard", Shard{Part: "e2e"}).StepResources("test", more).TaskRun()
	fmt.Println(run.Spec.StepSpecs[0].Name, err)
	// Output: test <nil>
}
