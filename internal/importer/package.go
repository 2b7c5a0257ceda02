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
	file := &plan.File{}
	seen, described := map[any]bool{}, map[*plan.Func]bool{}
	shared := sharedNames(objects)
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
		case described[r.Func]: // it is the binding of a role
			continue
		case definition:
			sources = append(sources, r.Func.Returns)
		default:
			sources = append(sources, inNamespace(o, plan.New{Func: r.Func}, shared))
		}
		described[r.Func] = true
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
	namespaces(set, objects, shared)
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
func namespaces(set *chain, objects []runtime.Object, shared map[[2]string]bool) {
	count := map[string]int{}
	var namespaced []metav1.Object
	for _, o := range objects {
		m, ok := o.(metav1.Object)
		if ok && kinds.Namespaced(o.GetObjectKind().GroupVersionKind().GroupKind()) {
			namespaced = append(namespaced, m)
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
