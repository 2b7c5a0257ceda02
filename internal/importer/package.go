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
	file := &plan.File{}
	seen := map[any]bool{}
	var sources []plan.Expr
	var left []runtime.Object
	for i, o := range objects {
		r := Import(x, o, files[i])
		definition := false
		switch o.(type) {
		case *v1.Task, *v1beta1.StepAction:
			definition = true
		}
		switch {
		case r.Func == nil:
			left = append(left, o)
			continue
		case definition:
			sources = append(sources, r.Func.Returns)
		default:
			sources = append(sources, plan.New{Func: r.Func})
		}
		used := plan.Closure(r.Func)
		for _, t := range used.Types {
			if !seen[t] {
				seen[t] = true
				file.Types = append(file.Types, t)
			}
		}
		for _, f := range used.Funcs {
			if !seen[f] && !(definition && f == r.Func) {
				seen[f] = true
				file.Funcs = append(file.Funcs, f)
			}
		}
	}
	set := &chain{plan.Fn("manifest.New", sources...)}
	namespaces(set, objects)
	f := &plan.Func{Name: x.names.take("Set", "Objects"), Says: "returns all objects", Result: "*manifest.Set", Returns: set.e}
	accept(set, f, objects)
	f.Returns = set.e
	file.Funcs = append(file.Funcs, f)
	return file, left
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

// namespaces sets the namespaces of the objects: that of most of them for the whole set.
func namespaces(set *chain, objects []runtime.Object) {
	count := map[string]int{}
	for _, o := range objects {
		if m, ok := o.(metav1.Object); ok {
			count[m.GetNamespace()]++
		}
	}
	most := slices.MaxFunc(append(slices.Sorted(maps.Keys(count)), ""), func(a, b string) int { return cmp.Compare(count[a], count[b]) })
	if count[""] > 0 {
		most = "" // some objects have none, which a namespace of the set would change
	}
	for _, o := range objects {
		if m, ok := o.(metav1.Object); ok && m.GetNamespace() != most && m.GetNamespace() != "" {
			set.do("NamespaceOf", plan.Text(o.GetObjectKind().GroupVersionKind().Kind), plan.Text(m.GetName()+m.GetGenerateName()), plan.Text(m.GetNamespace()))
		}
	}
	if most != "" {
		set.do("Namespace", plan.Text(most))
	}
}
