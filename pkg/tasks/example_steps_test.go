package tasks_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// Verify clones a repository and tests it in one Pod.
type Verify struct {
	URL    builder.String
	Source builder.Workspace
}

// Verified is the output of Verify.
type Verified struct {
	*builder.PipelineTask
	Commit, Coverage builder.String
}

func (Verify) TaskName() string { return "verify" }

func (v Verify) Define(t *builder.Task) Verified {
	clone := builder.AddSteps(t, "clone", tasks.GitClone{URL: v.URL, Output: v.Source})
	t.Step("log").Image("docker.io/library/busybox:1.37.0").
		Env("COMMIT", t.ResultOf(clone.Commit).PathValue()).
		Script(`echo "testing $(cat "$COMMIT")"`)
	test := builder.AddSteps(t, "test", tasks.GoTest{Source: clone.Source, Race: "true"})
	return Verified{t.PipelineTask(), clone.Commit, test.Coverage}
}

// A task of one's own has the steps of two tasks of the catalogue. Their params,
// workspaces and results have a prefix.
func ExampleGoTest_addSteps() {
	p := builder.NewPipeline("ci")
	repo, src := p.Param("repo"), p.Workspace("source")
	verify := builder.Add(p, "verify", Verify{URL: repo, Source: src})
	p.Result("commit", verify.Commit)
	if err := p.Build(); err != nil {
		fmt.Println(err)
	}
	objects, _ := p.Objects()
	for _, o := range objects {
		switch o := o.Object.(type) {
		case *v1.Task:
			for _, s := range o.Spec.Steps {
				fmt.Println(o.Name, "has step", s.Name)
			}
		case *v1.Pipeline:
			for _, param := range o.Spec.Tasks[0].Params {
				fmt.Printf("%s: %s\n", param.Name, param.Value.StringVal)
			}
			for _, w := range o.Spec.Tasks[0].Workspaces {
				fmt.Printf("%s: workspace %s\n", w.Name, w.Workspace)
			}
			fmt.Println("result:", o.Spec.Results[0].Value.StringVal)
		}
	}
	// Output:
	// verify has step clone
	// verify has step log
	// verify has step test
	// clone-url: $(params.repo)
	// test-race: true
	// clone-output: workspace source
	// test-source: workspace source
	// result: $(tasks.verify.results.clone-commit)
}

// Fetch clones a repository with the StepAction git-clone.
type Fetch struct {
	URL    builder.String
	Source builder.Workspace
}

func (Fetch) TaskName() string { return "fetch" }

func (f Fetch) Define(t *builder.Task) tasks.Cloned {
	clone := builder.AddSharedStep(t, "clone", tasks.GitClone{URL: f.URL, Output: f.Source})
	t.Step("log").Image("docker.io/library/busybox:1.37.0").
		Env("COMMIT", t.StepResultOf(clone.Commit).Value()).
		Script(`echo "cloned $COMMIT"`)
	return clone
}

// The step of a task of the catalogue becomes a StepAction. Its results are values for
// later steps.
func ExampleGitClone_addSharedStep() {
	p := builder.NewPipeline("ci")
	repo, src := p.Param("repo"), p.Workspace("source")
	fetch := builder.Add(p, "fetch", Fetch{URL: repo, Source: src})
	p.Result("commit", fetch.Commit)
	if err := p.Build(); err != nil {
		fmt.Println(err)
	}
	objects, _ := p.Objects()
	for _, o := range objects {
		fmt.Println(o.Object.GetObjectKind().GroupVersionKind().Kind)
		if t, ok := o.Object.(*v1.Task); ok {
			clone, log := t.Spec.Steps[0], t.Spec.Steps[1]
			fmt.Println("  step", clone.Name, "uses", clone.Ref.Name)
			for _, param := range clone.Params {
				if param.Name == "url" || param.Name == "output-path" || param.Name == "sparse-checkout" {
					fmt.Println("   ", param.Name+":", param.Value.StringVal, param.Value.ArrayVal)
				}
			}
			fmt.Println("  step", log.Name, "has", log.Env[0].Value)
		}
	}
	// Output:
	// StepAction
	// Task
	//   step clone uses git-clone
	//     url: $(params.clone-url) []
	//     sparse-checkout:  [$(params.clone-sparse-checkout[*])]
	//     output-path: $(workspaces.clone-output.path) []
	//   step log has $(steps.clone.results.commit)
	// Pipeline
}
