package importer

import (
	"errors"
	"reflect"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/pkg/diag"
)

// patch adds the assignment that removes a difference to the smallest part of the object
// with a Mutate method. It returns false if there is none, or if the whole list of tasks or
// steps would be assigned.
func (w *writer) patch(d *same.Difference, into map[string][]plan.Assignment) bool {
	if !d.A.IsValid() || slices.Contains([]reflect.Type{reflect.TypeFor[[]v1.PipelineTask](), reflect.TypeFor[[]v1.Step]()}, d.A.Type()) {
		return false
	}
	for n := len(d.Path) - 1; n >= 0; n-- {
		at := (&same.Difference{Path: d.Path[:n]}).String()
		of, ok := w.owners[at]
		if !ok {
			continue
		}
		if path := stepsIn(of, d.Path[n:], d.A.Type()); path != nil {
			into[at] = append(into[at], plan.Assignment{Path: path, Value: d.A, Why: "no call for " + d.Kind()})
			return true
		}
	}
	return false
}

// stepsIn returns the path from a value of a type to a part of it that has another type, or
// nil if there is no such part.
func stepsIn(of reflect.Type, path []same.Step, want reflect.Type) []plan.Step {
	var out []plan.Step
	for _, s := range path {
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch {
		case s.Field != "":
			f, ok := reflect.StructField{}, false
			if of.Kind() == reflect.Struct {
				f, ok = of.FieldByName(s.Field)
			}
			if !ok {
				return nil
			}
			out, of = append(out, plan.Step{Field: s.Field}), f.Type
		case of.Kind() == reflect.Map:
			out, of = append(out, plan.Step{Key: s.Key, IsKey: true}), of.Elem()
		case of.Kind() == reflect.Slice:
			out, of = append(out, plan.Step{Index: s.B}), of.Elem()
		default:
			return nil
		}
	}
	if of != want || len(out) == 0 {
		return nil
	}
	return out
}

// codes returns the codes of the errors among findings.
func codes(err error) []string {
	var list diag.Findings
	if !errors.As(err, &list) {
		if err != nil {
			return []string{err.Error()}
		}
		return nil
	}
	var out []string
	for _, f := range list {
		if f.Severity == diag.Error && !slices.Contains(out, f.Code) {
			out = append(out, f.Code)
		}
	}
	return out
}
