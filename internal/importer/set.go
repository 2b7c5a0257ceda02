package importer

import (
	"cmp"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Source is a source of a set.
type Source struct {
	Expr   plan.Expr
	Object runtime.Object
	File   string // that the object is from
	Raw    bool   // it is YAML, in which the object has its namespace
}

// Set returns a function that returns a set of sources. Those from a folder of
// Pipelines-as-Code are its runs. The set may run objects of other sources of the package.
//
// The set accepts the errors that the YAML has as well. Set returns these, and those that are left.
func Set(name, says string, sources, others []Source) (f *plan.Func, accepted, left diag.Findings) {
	var list, folder []plan.Expr
	var applied []Source
	var objects []runtime.Object
	for _, s := range sources {
		if !inFolder(s.Object, s.File) {
			applied, objects = append(applied, s), append(objects, s.Object)
		}
	}
	shared, seen := sharedNames(objects), map[*plan.Func]bool{}
	for _, s := range sources {
		if n, ok := s.Expr.(plan.New); ok {
			if seen[n.Func] { // it is the binding of a role
				continue
			}
			seen[n.Func] = true
		}
		if inFolder(s.Object, s.File) {
			folder = append(folder, s.ofFolder())
			continue
		}
		list = append(list, s.inNamespace(shared))
	}
	set := &chain{plan.Fn("manifest.New", list...)}
	namespaces(set, applied, shared)
	if len(folder) > 0 {
		set.do("PaC", folder...)
	}
	f = &plan.Func{Name: name, Says: says, Result: "*manifest.Set", Returns: set.e}
	accepted, left = accept(set, f, sources, others)
	f.Returns = set.e
	return f, accepted, left
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
func (s Source) inNamespace(shared map[[2]string]bool) plan.Expr {
	m, ok := s.Object.(metav1.Object)
	if !ok || s.Raw || !shared[kindAndName(s.Object)] || m.GetNamespace() == "" {
		return s.Expr
	}
	return plan.Method(plan.Fn("manifest.New", s.Expr), "Namespace", plan.Text(m.GetNamespace()))
}

// ofFolder is the source of a folder of Pipelines-as-Code, to which no namespace of the set
// applies.
func (s Source) ofFolder() plan.Expr {
	m, ok := s.Object.(metav1.Object)
	if !ok || s.Raw || m.GetNamespace() == "" {
		return s.Expr
	}
	of := kindAndName(s.Object)
	return plan.Method(plan.Fn("manifest.New", s.Expr), "NamespaceOf", plan.Text(of[0]), plan.Text(of[1]), plan.Text(m.GetNamespace()))
}

// namespaces sets the namespaces of the objects: that of most of them for the whole set.
// Objects of the cluster have none.
func namespaces(set *chain, sources []Source, shared map[[2]string]bool) {
	count := map[string]int{}
	var some []Source
	for _, s := range sources {
		m, ok := s.Object.(metav1.Object)
		if !ok || !kinds.Namespaced(s.Object.GetObjectKind().GroupVersionKind().GroupKind()) {
			continue
		}
		count[m.GetNamespace()]++
		if !s.Raw && !shared[kindAndName(s.Object)] {
			some = append(some, s)
		}
	}
	most := slices.MaxFunc(append(slices.Sorted(maps.Keys(count)), ""), func(a, b string) int { return cmp.Compare(count[a], count[b]) })
	if count[""] > 0 {
		most = "" // some objects have none, which a namespace of the set would change
	}
	for _, s := range some {
		m, _ := s.Object.(metav1.Object)
		if m.GetNamespace() != most && m.GetNamespace() != "" {
			of := kindAndName(s.Object)
			set.do("NamespaceOf", plan.Text(of[0]), plan.Text(of[1]), plan.Text(m.GetNamespace()))
		}
	}
	if most != "" {
		set.do("Namespace", plan.Text(most))
	}
}
