package importer

import (
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// Package returns a file of Go that describes objects of the index, and the objects that are
// left: those that Import cannot describe. The function Set of the file returns all others as
// a set.
//
// The objects are from the given files. The file depends on the objects and their order
// alone.
func Package(x *Index, objects []runtime.Object, files []string) (*plan.File, []runtime.Object) {
	return Describe(x, objects, files).File()
}

// File returns all declarations as one file, and the objects that it does not describe.
func (d *Description) File() (*plan.File, []runtime.Object) {
	file := &plan.File{}
	var sources []Source
	var left []runtime.Object
	for _, p := range d.Parts {
		if p.Source == nil {
			left = append(left, p.Object)
			continue
		}
		sources = append(sources, Source{Expr: p.Source, Object: p.Object, File: p.File})
	}
	file.Types, file.Funcs = d.types, d.funcs
	all, _, _ := Set("Set", "returns all objects", sources, nil)
	file.Funcs = append(file.Funcs, all)
	return file, left
}

// Description is the Go of a package.
type Description struct {
	Parts     []Part
	Elsewhere []*plan.Type // signatures of Tasks that are not among the objects

	types []*plan.Type // all of them, each after those that it needs
	funcs []*plan.Func
}

// Part is what became of an object of a package.
type Part struct {
	Object runtime.Object
	File   string // that it is from
	*Result
	// Source is the object as a source of a set, nil if Import cannot describe it.
	Source plan.Expr
	// Types and Funcs are declared for the object. What several objects need is with the one
	// that it describes, or with the first of them.
	Types []*plan.Type
	Funcs []*plan.Func
}

// Describe imports objects of the index, which are from the given files.
func Describe(x *Index, objects []runtime.Object, files []string) *Description {
	d := &Description{Parts: make([]Part, len(objects))}
	home := map[any]int{}
	closures := make([]*plan.File, len(objects))
	for i, o := range objects {
		r := Import(x, o, files[i])
		p := Part{Object: o, File: files[i], Result: r}
		if r.Func != nil {
			p.Source = plan.New{Func: r.Func}
			switch o := o.(type) {
			case *v1.Task:
				p.Source = r.Func.Returns
				home[x.tasks[o].Type] = i
			case *v1beta1.StepAction:
				p.Source = r.Func.Returns
				home[x.actions[o].Type] = i
			default:
				if _, ok := home[r.Func]; !ok { // else it is the binding of a role
					home[r.Func] = i
				}
			}
			closures[i] = plan.Closure(r.Func)
		}
		d.Parts[i] = p
	}
	seen := map[any]bool{}
	for i := range d.Parts {
		if closures[i] == nil {
			continue
		}
		for _, t := range closures[i].Types {
			if seen[t] || x.isForeign(t) {
				continue
			}
			seen[t] = true
			d.types = append(d.types, t)
			at, ok := home[t]
			switch {
			case ok:
				d.Parts[at].Types = append(d.Parts[at].Types, t)
			case x.IsElsewhere(t):
				d.Elsewhere = append(d.Elsewhere, t)
			default:
				d.Parts[i].Types = append(d.Parts[i].Types, t)
			}
		}
		for _, f := range closures[i].Funcs {
			if seen[f] || f == d.Parts[i].Func && isDefinition(d.Parts[i].Object) {
				continue
			}
			seen[f] = true
			d.funcs = append(d.funcs, f)
			at, ok := home[f]
			if !ok {
				at = i
			}
			d.Parts[at].Funcs = append(d.Parts[at].Funcs, f)
		}
	}
	return d
}

// isDefinition reports whether an object becomes a type, not a function.
func isDefinition(o runtime.Object) bool {
	switch o.(type) {
	case *v1.Task, *v1beta1.StepAction:
		return true
	}
	return false
}
