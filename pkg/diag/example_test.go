package diag_test

import (
	"errors"
	"fmt"

	"github.com/tekwright/tekwright/pkg/diag"
)

func Example() {
	err := diag.Findings{{
		Code: "param-unknown", Severity: diag.Error,
		Object:   diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Name: "greet"},
		Path:     diag.Fields("spec", "steps").Index(0).Field("script"),
		Excerpt:  "$(params.whoo)",
		Position: diag.Position{File: "greet.yaml", Line: 9, Column: 14},
		Message:  `Task "greet" declares no param "whoo"`,
		Help:     `did you mean "who"?`,
	}}.Err()
	if findings, ok := errors.AsType[diag.Findings](err); ok {
		for _, f := range findings {
			fmt.Println(f.Position.Line, f.Path)
		}
	}
	fmt.Println(err)
	// Output:
	// 9 spec.steps[0].script
	// greet.yaml:9:14: error param-unknown: Task "greet" declares no param "whoo"
	// 	help: did you mean "who"?
}

// A program reads the segments of a path instead of parsing its text.
func ExamplePath() {
	p := diag.Fields("spec", "tasks").Index(2).Field("params").Index(0)
	if p.At(1).Name == "tasks" {
		fmt.Println("task", p.At(2).Index)
	}
	rest, ok := p.Cut(diag.Fields("spec", "tasks").Index(2))
	fmt.Println(rest, ok)
	fmt.Println(p, p.Parent(), diag.Fields("metadata", "labels").Key("app.kubernetes.io/name"))
	// Output:
	// task 2
	// params[0] true
	// spec.tasks[2].params[0] spec.tasks[2].params metadata.labels["app.kubernetes.io/name"]
}

// A path that another program has as segments.
func ExampleNewPath() {
	field := diag.Segment{Kind: diag.FieldSegment, Name: "spec"}
	p := diag.NewPath(field).FieldIndex("steps", 1).Append(diag.Segment{Kind: diag.FieldSegment, Name: "image"})
	fmt.Println(p, len(p.Segments()), p.IsRoot())
	// Output: spec.steps[1].image 4 false
}

func ExampleParsePath() {
	p, err := diag.ParsePath(`spec.tasks[2].params["a.b"]`)
	fmt.Println(p.Last().Name, err)
	p, err = diag.ParsePath("spec.tasks[name].x")
	fmt.Println(p, err)
	// Output:
	// a.b <nil>
	// spec.tasks "spec.tasks[name].x" is not a valid path: cannot parse "[name].x"
}

func ExampleFindings_Sort() {
	findings := diag.Findings{
		{Code: "b", Severity: diag.Warning, Position: diag.Position{File: "a.yaml", Line: 10}, Message: "the second"},
		{Code: "a", Severity: diag.Error, Position: diag.Position{File: "a.yaml", Line: 9}, Message: "the first"},
	}
	findings.Sort()
	fmt.Println(findings)
	// Output:
	// a.yaml:9: error a: the first
	// a.yaml:10: warning b: the second
}
