package builder_test

import (
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Scan scans a directory.
type Scan struct{ Directory builder.String }

// Scanned is the output of Scan.
type Scanned struct {
	*builder.PipelineTask
	Report builder.String
}

func (Scan) TaskName() string { return "scan" }

func (s Scan) Define(t *builder.Task) Scanned {
	report := t.Result("report")
	t.Step("scan").Image("registry.local/scanner:3").Env("DIRECTORY", t.Param("directory", s.Directory)).
		Script(`scan "$DIRECTORY" > ` + report.Path())
	return Scanned{t.PipelineTask(), report.Value()}
}

// The scan is tried three times. If it fails all the same, the pipeline goes on with
// another report.
func ExamplePipelineTask_Fallback() {
	p := builder.NewPipeline("release")
	scan := builder.Add(p, "scan", Scan{Directory: "src"})
	scan.Retries(2).Fallback(scan.Report.Set("none"))
	p.AddInline("publish", func(t *builder.Task) {
		t.Step("publish").Image("registry.local/tools:3").Command("publish").Args(t.Param("report", scan.Report))
	})
	showFailures(p)
	// Output:
	// scan: retries 2
	//   fallback-retries: $(context.pipelineTask.retries)
	//   fallback-report: none
	//   step scan onError continue
	//   step scan-fallback
	// publish: retries 0
	//   step publish
}

// Each directory is scanned. The report of a scan that fails says which one it was.
func ExampleMatrix_FallbackOf() {
	p := builder.NewPipeline("release")
	directory := builder.Axis("directory", p.ArrayParam("directories"))
	scan := builder.AddMatrix(p, "scan", Scan{Directory: directory})
	scan.Retries(2)
	scan.FallbackOf(func(s Scanned) []builder.Arg {
		return []builder.Arg{s.Report.Set(directory + ": unknown")}
	})
	p.AddInline("publish", func(t *builder.Task) {
		reports := scan.Collect(func(s Scanned) builder.String { return s.Report })
		t.Step("publish").Image("registry.local/tools:3").Command("publish").Args(t.ArrayParam("reports", reports).All())
	})
	showFailures(p)
	// Output:
	// scan: retries 2
	//   fallback-retries: $(context.pipelineTask.retries)
	//   fallback-report-part-1: : unknown
	//   step scan onError continue
	//   step scan-fallback
	// publish: retries 0
	//   step publish
}

// The pipeline goes on if the scan fails. A task that uses its results would be skipped
// then, because Tekton knows no result that was not written.
func ExamplePipelineTask_ContinueOnError() {
	p := builder.NewPipeline("release")
	scan := builder.Add(p, "scan", Scan{Directory: "src"}).ContinueOnError()
	p.AddInline("publish", func(t *builder.Task) {
		t.Step("publish").Image("registry.local/tools:3").Command("publish")
	}).After(scan)
	showFailures(p)
	// Output:
	// scan: onError continue, retries 0
	// publish: retries 0
	//   step publish
}

// The cleanup runs however the other tasks end, and learns how they did.
func ExamplePipeline_AddFinallyInline_cleanup() {
	p := builder.NewPipeline("release")
	scan := builder.Add(p, "scan", Scan{Directory: "src"})
	p.AddFinallyInline("cleanup", func(t *builder.Task) {
		t.Step("cleanup").Image("registry.local/tools:3").
			Env("ALL", t.Param("all", p.Status().Value())).
			Env("SCAN", t.Param("scan", scan.Status().Value())).
			Script(`cleanup "$ALL" "$SCAN"`)
	})
	p.AddFinallyInline("alert", func(t *builder.Task) {
		t.Step("alert").Image("registry.local/tools:3").Command("alert")
	}).When(scan.Status().In(builder.Failed))
	showFailures(p)
	// Output:
	// scan: retries 0
	// cleanup: retries 0
	//   all: $(tasks.status)
	//   scan: $(tasks.scan.status)
	//   step cleanup
	// alert: retries 0, when $(tasks.scan.status) in [Failed]
	//   step alert
}

// showFailures prints what happens when tasks fail.
func showFailures(p *builder.Pipeline) {
	if err := p.Build(); err != nil {
		fmt.Println(err)
		return
	}
	objects, _ := p.Objects()
	spec := objects[len(objects)-1].Object.(*v1.Pipeline).Spec
	for _, pt := range append(spec.Tasks, spec.Finally...) {
		fmt.Print(pt.Name, ": ")
		if pt.OnError != "" {
			fmt.Print("onError ", pt.OnError, ", ")
		}
		fmt.Print("retries ", pt.Retries)
		for _, w := range pt.When {
			fmt.Print(", when ", w.Input, " ", w.Operator, " ", w.Values)
		}
		fmt.Println()
		for _, param := range pt.Params {
			if param.Name != "directory" && !strings.HasPrefix(param.Name, "report") {
				fmt.Printf("  %s: %s\n", param.Name, param.Value.StringVal)
			}
		}
		if pt.TaskSpec == nil {
			continue
		}
		for _, s := range pt.TaskSpec.Steps {
			fmt.Print("  step ", s.Name)
			if s.OnError != "" {
				fmt.Print(" onError ", s.OnError)
			}
			fmt.Println()
		}
	}
}
