package builder_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Wait waits for some time. Its controller needs no object: the params say all.
type Wait struct{ Duration builder.String }

func (Wait) TaskName() string { return "" }

func (w Wait) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("duration", w.Duration)
	t.Custom("wait.example.dev/v1", "Wait")
	return t.PipelineTask()
}

// Loop runs what an object of its kind describes, which exists in the cluster.
type Loop struct{}

func (Loop) TaskName() string { return "nightly" }

func (Loop) Define(t *builder.Task) *builder.PipelineTask {
	t.Custom("loop.example.dev/v1", "Loop")
	return t.PipelineTask()
}

// Request sends a request. The pipeline contains the spec of its object.
type Request struct{ Method string }

func (Request) TaskName() string { return "request" }

func (r Request) Define(t *builder.Task) *builder.PipelineTask {
	t.Custom("http.example.dev/v1", "Request", map[string]string{"method": r.Method})
	return t.PipelineTask()
}

// Custom tasks refer to a kind, to an object, or contain a spec.
func ExampleTask_Custom() {
	p := builder.NewPipeline("custom")
	wait := builder.Add(p, "wait", Wait{Duration: "10s"})
	builder.Add(p, "wait-again", Wait{Duration: "20s"}).After(wait)
	builder.Add(p, "loop", Loop{})
	builder.Add(p, "request", Request{Method: "POST"}).Retries(1)
	if err := p.Build(); err != nil {
		fmt.Println(err)
		return
	}
	objects, _ := p.Objects()
	for _, t := range objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks {
		if t.TaskRef != nil {
			fmt.Printf("%s: %s %s %q\n", t.Name, t.TaskRef.APIVersion, t.TaskRef.Kind, t.TaskRef.Name)
			continue
		}
		fmt.Printf("%s: %s %s %s\n", t.Name, t.TaskSpec.APIVersion, t.TaskSpec.Kind, t.TaskSpec.Spec.Raw)
	}
	// Output:
	// wait: wait.example.dev/v1 Wait ""
	// wait-again: wait.example.dev/v1 Wait ""
	// loop: loop.example.dev/v1 Loop "nightly"
	// request: http.example.dev/v1 Request {"method":"POST"}
}
