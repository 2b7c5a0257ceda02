package builder_test

import (
	"fmt"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Fetch fills a workspace.
type Fetch struct {
	URL    builder.String
	Output builder.Workspace
}

// Fetched is the output of Fetch.
type Fetched struct {
	*builder.PipelineTask
	Source builder.Workspace
	Commit builder.String
}

func (Fetch) TaskName() string { return "fetch" }

func (f Fetch) Define(t *builder.Task) Fetched {
	url, out, commit := t.Param("url", f.URL), t.Workspace("output", f.Output), t.Result("commit")
	t.Step("fetch").Image("docker.io/alpine/git:2.49").WorkingDir(out.PathValue()).Env("URL", url).
		Script(`git clone "$URL" . && git rev-parse HEAD > ` + commit.Path())
	return Fetched{t.PipelineTask(), out.Value(), commit.Value()}
}

// Compile uses the workspace that Fetch outputs, and so runs after it.
type Compile struct {
	Source  builder.Workspace
	Version builder.String
}

func (Compile) TaskName() string { return "compile" }

func (c Compile) Define(t *builder.Task) *builder.PipelineTask {
	src, version := t.Workspace("source", c.Source), t.Param("version", c.Version, builder.Default("dev"))
	t.Step("compile").Image("docker.io/library/golang:1.26").WorkingDir(src.PathValue()).Env("VERSION", version).
		Script(`go build -ldflags "-X main.version=$VERSION" ./...`)
	return t.PipelineTask()
}

// Tasks run after the tasks whose results and workspaces they use. runAfter is
// written only if Tekton cannot derive the order from results.
func ExampleAdd() {
	p := builder.NewPipeline("build")
	url, src := p.Param("url"), p.Workspace("source")
	fetch := builder.Add(p, "fetch", Fetch{URL: url, Output: src})
	first := builder.Add(p, "first", Compile{Source: fetch.Source})
	second := builder.Add(p, "second", Compile{Source: fetch.Source, Version: fetch.Commit})
	second.After(first).Retries(1).Timeout(10 * time.Minute)

	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks {
		fmt.Println(task.Name, "after", task.RunAfter)
	}
	// Output:
	// fetch after []
	// first after [fetch]
	// second after [first]
}

// Build reports all mistakes at once, with the lines to fix.
func ExamplePipeline_Build() {
	p := builder.NewPipeline("build")
	fetch := builder.Add(p, "fetch", Fetch{Output: p.Workspace("source")})
	builder.Add(p, "compile", Compile{Source: fetch.Source, Version: "$(tasks.fetch.results.comit)"})
	fmt.Println(p.Build())
	// Output:
	// pkg/builder/example_edges_test.go:76: error param-missing: task "fetch" does not set param "url" of Task "fetch"
	// 	Task "fetch" declares it without a default at pkg/builder/example_edges_test.go:28
	// 	help: set URL in builder_test.Fetch
	// pkg/builder/example_edges_test.go:77: error result-unknown: $(tasks.fetch.results.comit) refers to a result that Task "fetch" does not declare
	// 	the results of Task "fetch" at pkg/builder/example_edges_test.go:76
	// 	help: did you mean "commit"?
}

// A task can be run without a pipeline. Its inputs are the fields of the struct.
func ExampleRunTask() {
	src := builder.NewWorkspace("source")
	run, err := builder.RunTask("compile-", Compile{Source: src, Version: "1.2"}, src.PVC("sources")).
		Requests("2", "4Gi").TaskRun()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(run.GenerateName, run.Spec.TaskRef.Name)
	fmt.Println(run.Spec.Params[0].Name, run.Spec.Params[0].Value.StringVal)
	fmt.Println(run.Spec.Workspaces[0].Name, run.Spec.Workspaces[0].PersistentVolumeClaim.ClaimName)
	// Output:
	// compile- compile
	// version 1.2
	// source sources
}
