package importer

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Package returns a file of Go that describes objects of the index, and the objects that are
// left: those that Import cannot describe. The function Set of the file returns all others as
// a set.
//
// The objects are from the given files. The file depends on the objects and their order
// alone.
func Package(x *Index, objects []runtime.Object, files []string) (*plan.File, []runtime.Object) {
	d := Describe(x, objects, files)
	file := &plan.File{}
	var sources []Source
	var left []runtime.Object
	for _, p := range d.Parts {
		if p.Source == nil {
			left = append(left, p.Object)
			continue
		}
		sources = append(sources, Source{Expr: p.Source, Object: p.Object})
	}
	file.Types, file.Funcs = d.types, d.funcs
	file.Funcs = append(file.Funcs, Set("Set", "returns all objects", sources))
	return file, left
}

// Source is a source of a set.
type Source struct {
	Expr   plan.Expr
	Object runtime.Object
	Raw    bool // it is YAML, in which the object has its namespace
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
				home[r.Func] = i
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
			if seen[t] {
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

// Set returns a function that returns a set of sources.
func Set(name, says string, sources []Source) *plan.Func {
	var list []plan.Expr
	var objects []runtime.Object
	for _, s := range sources {
		objects = append(objects, s.Object)
	}
	shared := sharedNames(objects)
	described := map[*plan.Func]bool{}
	for _, s := range sources {
		if f, ok := s.Expr.(plan.New); ok {
			if described[f.Func] { // it is the binding of a role
				continue
			}
			described[f.Func] = true
		}
		if s.Raw {
			list = append(list, s.Expr)
		} else {
			list = append(list, inNamespace(s.Object, s.Expr, shared))
		}
	}
	set := &chain{plan.Fn("manifest.New", list...)}
	namespaces(set, sources, shared)
	f := &plan.Func{Name: name, Says: says, Result: "*manifest.Set", Returns: set.e}
	accept(set, f, objects)
	f.Returns = set.e
	return f
}

// accept accepts the errors that the objects have in Go and have not in YAML, where they
// are warnings: an input that nothing uses, tasks that share a workspace without an order.
// Otherwise nothing could be written.
func accept(set *chain, f *plan.Func, objects []runtime.Object) {
	s, err := plan.Run(f)
	if err != nil {
		return
	}
	described, ok := s.(*manifest.Set)
	if !ok {
		return
	}
	type finding struct{ code, kind, name, path string }
	of := func(f diag.Finding) finding { return finding{f.Code, f.Object.Kind, f.Object.Name, f.Path.String()} }
	warned := map[finding]bool{}
	yaml := manifest.New(manifest.FromObjects(objects...)).Advice(func(list diag.Findings) {
		for _, f := range list {
			warned[of(f)] = true
		}
	})
	for _, f := range errorsOf(yaml) {
		delete(warned, of(f))
	}
	var args []plan.Expr
	for _, f := range errorsOf(described) {
		if !warned[of(f)] || f.Object.Name == "" {
			continue
		}
		delete(warned, of(f))
		args = append(args, plan.Literal{Value: rule.Accepted{
			Object: diag.ObjectRef{Kind: f.Object.Kind, Name: f.Object.Name}, Code: f.Code, Path: f.Path.String(), Reason: "the YAML has it too",
		}})
	}
	if len(args) > 0 {
		set.do("Accept", args...)
	}
}

// errorsOf returns the errors of a set.
func errorsOf(s *manifest.Set) diag.Findings {
	var found diag.Findings
	if !errors.As(s.Build(), &found) {
		return nil
	}
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Severity != diag.Error })
}

// sharedNames returns the kinds and names that objects of Kubernetes in several namespaces
// have.
func sharedNames(objects []runtime.Object) map[[2]string]bool {
	in, shared := map[[2]string]string{}, map[[2]string]bool{}
	for _, o := range objects {
		m, ok := o.(metav1.Object)
		if !ok || !ofKubernetes(o) {
			continue
		}
		key := kindAndName(o)
		if other, ok := in[key]; ok && other != m.GetNamespace() {
			shared[key] = true
		}
		in[key] = m.GetNamespace()
	}
	return shared
}

func kindAndName(o runtime.Object) [2]string {
	return [2]string{o.GetObjectKind().GroupVersionKind().Kind, nameOf(o)}
}

// inNamespace puts a source into the namespace of its object, if its name does not say which
// object it is.
func inNamespace(o runtime.Object, source plan.Expr, shared map[[2]string]bool) plan.Expr {
	m, ok := o.(metav1.Object)
	if !ok || !shared[kindAndName(o)] || m.GetNamespace() == "" {
		return source
	}
	return plan.Method(plan.Fn("manifest.New", source), "Namespace", plan.Text(m.GetNamespace()))
}

// namespaces sets the namespaces of the objects: that of most of them for the whole set.
// Objects of the cluster have none.
func namespaces(set *chain, sources []Source, shared map[[2]string]bool) {
	count := map[string]int{}
	var namespaced []metav1.Object
	for _, s := range sources {
		m, ok := s.Object.(metav1.Object)
		if ok && kinds.Namespaced(s.Object.GetObjectKind().GroupVersionKind().GroupKind()) {
			if !s.Raw {
				namespaced = append(namespaced, m)
			}
			count[m.GetNamespace()]++
		}
	}
	most := slices.MaxFunc(append(slices.Sorted(maps.Keys(count)), ""), func(a, b string) int { return cmp.Compare(count[a], count[b]) })
	if count[""] > 0 {
		most = "" // some objects have none, which a namespace of the set would change
	}
	for _, m := range namespaced {
		o, ok := m.(runtime.Object)
		if !ok || shared[kindAndName(o)] || m.GetNamespace() == most || m.GetNamespace() == "" {
			continue
		}
		of := kindAndName(o)
		set.do("NamespaceOf", plan.Text(of[0]), plan.Text(of[1]), plan.Text(m.GetNamespace()))
	}
	if most != "" {
		set.do("Namespace", plan.Text(most))
	}
}
