package project

import (
	"encoding/json"
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Object is what became of an object.
type Object struct {
	File      string        `json:"file"` // that it is from, below the folder that all paths have in common
	Line      int           `json:"line"`
	At        diag.Position `json:"-"` // the file as the user named it
	Kind      string        `json:"kind"`
	Name      string        `json:"name"` // or its generateName
	Namespace string        `json:"namespace,omitempty"`
	// Kustomization is the file of the kustomization that has made the object of one in File, or
	// generated it; "" if the object is as File has it.
	Kustomization string `json:"kustomization,omitempty"`
	// Package is the folder of the package below the output, "" for the output itself, and Go
	// the file with what describes the object.
	Package string `json:"package"`
	Go      string `json:"go"`
	// Step says how the object is described, see Steps.
	Step int `json:"step"`
	// Values is the number of values of the object, and Typed of those that calls set.
	Values int `json:"values"`
	Typed  int `json:"typed"`
	// Hatches are the fields that are set by Mutate, or objects that are texts.
	Hatches []Hatch `json:"hatches,omitempty"`
	// Reason says why the object is YAML, or is not imported.
	Reason string `json:"reason,omitempty"`
	// Generated is the comment that says that a program has made the YAML.
	Generated string `json:"generated,omitempty"`
	// Faults are the codes of errors that package builder finds in the object.
	Faults []string `json:"faults,omitempty"`
	// Error is set if the set does not describe the object.
	Error bool `json:"error,omitempty"`
}

// Place returns where the object is in the YAML, and the kustomization that has rendered it.
func (o *Object) Place() string {
	if o.Kustomization == "" {
		return o.At.String()
	}
	return o.At.String() + " (rendered by " + o.Kustomization + ")"
}

// Hatch is a field that no call sets.
type Hatch struct {
	Path   string `json:"path"`
	Field  string `json:"field"` // without indexes
	Values int    `json:"values"`
}

// Steps say how an object is described, from calls of package builder to nothing. The step of
// an object is the largest one of its parts.
const (
	StepCalls   = 0 // handles and constants
	StepStructs = 1 // structs of Kubernetes in calls that are made for them
	StepText    = 2 // texts with variables of Tekton
	StepMutate  = 3 // fields that are set by Mutate
	StepBound   = 4 // the YAML of a Task, with typed inputs and results
	StepYAML    = 5 // the YAML of the object
	StepNone    = 6 // the set does not have the object
)

// describe returns what is known of a document.
func (g *generator) describe(d *Document) Object {
	ref, at := d.Ref(), d.At(diag.Path{})
	return Object{
		File: d.Source, Kustomization: d.Kustomization, Line: at.Line, At: at, Kind: ref.Kind, Name: ref.Name, Namespace: ref.Namespace, Package: g.part.dir,
		Go: "set.go", Values: valuesIn(d),
	}
}

// report returns what became of an object.
func (g *generator) report(d *Document, p *importer.Part) Object {
	o := g.describe(d)
	o.Faults, o.Generated = p.Faults, p.Generated
	if p.Source == nil {
		o.Step, o.Reason = StepYAML, p.Reason
		return o
	}
	o.Go = fileOf(d)
	o.Step, o.Typed = stepOf(p), o.Values
	if p.Bound {
		o.Step, o.Reason = StepBound, p.Reason
		o.Typed = contractValues(d)
		return o
	}
	for _, h := range p.Hatches {
		o.Step = StepMutate
		o.Hatches = append(o.Hatches, Hatch{h.Path, h.Kind, h.Leaves})
		o.Typed -= h.Leaves
	}
	o.Typed = max(o.Typed, 0)
	return o
}

// contractValues returns the number of values with which a Task declares its inputs and results.
func contractValues(d *Document) int {
	t, ok := d.Object.Object.(*v1.Task)
	if !ok {
		return 0
	}
	text, err := json.Marshal(map[string]any{"params": t.Spec.Params, "workspaces": t.Spec.Workspaces, "results": t.Spec.Results})
	var v any
	if err != nil || json.Unmarshal(text, &v) != nil {
		return 0
	}
	return importer.Leaves(v)
}

// equal returns the report of an object that is equal to another one.
func (g *generator) equal(d, other *Document) Object {
	o := g.describe(d)
	o.Go, o.Typed = fileOf(other), o.Values
	o.Reason = "equal to the one at " + position(other)
	return o
}

// twice returns the report of an object that is different from another one of its identity.
func (g *generator) twice(d, other *Document) Object {
	o := g.describe(d)
	o.Step, o.Error = StepNone, true
	o.Reason = "a different object of this kind and name is at " + position(other)
	return o
}

// position returns where a document is, and the kustomization that has rendered it.
func position(d *Document) string {
	at := fmt.Sprintf("%s:%d", d.Source, d.At(diag.Path{}).Line)
	if d.Kustomization != "" {
		at += " (rendered by " + d.Kustomization + ")"
	}
	return at
}

// stepOf returns the largest step of the Go that describes an object.
func stepOf(p *importer.Part) int {
	step := StepCalls
	plan.Visit(p.Types, append(slices.Clone(p.Funcs), p.Func), func(e plan.Expr) {
		switch e := e.(type) {
		case plan.Literal:
			step = max(step, StepStructs)
		case plan.Text:
			if hasVariable(string(e)) {
				step = StepText
			}
		}
	})
	return step
}

// valuesIn returns the number of values of an object.
func valuesIn(d *Document) int {
	text, err := json.Marshal(d.Written.Object)
	if err != nil {
		return 0
	}
	var v any
	if json.Unmarshal(text, &v) != nil {
		return 0
	}
	if m, ok := v.(map[string]any); ok {
		delete(m, "status")
	}
	return importer.Leaves(v)
}

// hasVariable reports whether a text has a variable of Tekton.
func hasVariable(text string) bool {
	for m := range tekref.Scan(text) {
		if v := tekref.Parse(m.Expr); v.Kind != tekref.None {
			return true
		}
	}
	return false
}
