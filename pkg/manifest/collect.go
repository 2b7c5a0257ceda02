package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// item is an object of the set with its identity.
type item struct {
	object.Object
	ref      diag.ObjectRef
	kind     schema.GroupKind
	generate string // generateName, of an object without a name
	root     *yamlwrite.Node
}

// tree returns the object as it will be written.
func (it *item) tree() (*yamlwrite.Node, error) {
	if it.root == nil {
		n, err := yamlwrite.Of(it.Object.Object)
		if err != nil {
			return nil, err
		}
		it.root = &n
	}
	return it.root, nil
}

// collect returns the objects of all sources: in namespaces, merged, ordered.
func (s *Set) collect(p *problems) *collector {
	c := &collector{
		problems: p, memo: memo.New(), named: map[identity]*item{}, unnamed: map[identity][]*item{}, moved: map[movedObject]runtime.Object{},
		used: map[usedPlacement]bool{}, placements: map[*Set]map[[2]string][]int{},
	}
	if s == nil {
		p.add(errors.New("the set is nil: make it with manifest.New"))
		return c
	}
	c.set(s)
	inOrder(c.items)
	return c
}

type collector struct {
	*problems
	memo    *memo.Memo
	open    []*Set // the sets that are being collected
	items   []*item
	named   map[identity]*item
	unnamed map[identity][]*item
	moved   map[movedObject]runtime.Object
	used    map[usedPlacement]bool
	// placements are the calls of NamespaceOf of a set, by kind and name.
	placements map[*Set]map[[2]string][]int

	failed *failure // of the source that is being collected
	faults failures
}

// movedObject is an object that was put into a namespace.
type movedObject struct {
	object    runtime.Object
	namespace string
}

// identity identifies an object in a cluster.
type identity struct {
	kind      schema.GroupKind
	namespace string
	name      string
}

// set collects the objects of a set, and of the sets in it. It detects a set that
// contains itself.
func (c *collector) set(s *Set) {
	if slices.Contains(c.open, s) {
		c.other(errors.New("the set contains itself; remove it from the arguments of New or Add"))
		return
	}
	c.open = append(c.open, s)
	defer func() { c.open = c.open[:len(c.open)-1] }()

	seen := map[any]bool{}
	for i, src := range s.sources {
		if isNil(src.Source) {
			c.other(fmt.Errorf("source %d of the set is nil; remove it from the arguments of New or Add", i+1))
			continue
		}
		if reflect.ValueOf(src.Source).Comparable() {
			if seen[src.Source] {
				continue
			}
			seen[src.Source] = true
		}
		if inner, ok := src.Source.(*Set); ok {
			c.set(inner)
			continue
		}
		c.source(src)
	}
	c.unplaced(s)
}

// source collects the objects of a source.
func (c *collector) source(src placedSource) {
	var objects []object.Object
	var err error
	if p := callsite.Catch(func() {
		if s, ok := src.Source.(sharing); ok {
			objects, err = s.ObjectsIn(c.memo)
		} else {
			objects, err = src.Objects()
		}
	}); p != nil {
		objects, err = nil, p.Finding(src.at, fmt.Sprintf("the method Objects of a source of type %T", src.Source))
	}
	c.failed = nil
	if err != nil {
		c.problems.add(err)
		if !onlyAdvice(err) {
			c.failed = newFailure(err, len(objects))
			defer func() { c.failed = nil }()
		}
	}
	for _, o := range objects {
		if p := callsite.Catch(func() { c.object(o) }); p != nil {
			c.finding(p.Finding(src.at, fmt.Sprintf("a method of an object of Go type %T", o.Object)))
		}
	}
	c.faults.add(c.failed)
}

// onlyAdvice reports whether the error of a source, which shares its work, has warnings and
// notes alone.
func onlyAdvice(err error) bool {
	var fs diag.Findings
	return errors.As(err, &fs) && fs.Err() == nil
}

// object adds one object, in the namespace of the innermost set that has one.
func (c *collector) object(o object.Object) {
	if o.IsNil() {
		c.other(errors.New("a source of the set returned a nil object"))
		return
	}
	for i := len(c.open) - 1; i >= 0; i-- {
		o = c.placed(c.open[i], o)
		if ns := c.open[i].namespace; ns != "" {
			o = c.inNamespace(o, ns)
		}
	}
	it, err := identify(o)
	if err != nil {
		if c.failed == nil { // else it follows
			c.problems.add(err)
		}
		return
	}
	c.failed.has(it.ref)
	id := identity{it.kind, it.ref.Namespace, it.ref.Name}
	if it.generate != "" {
		id.name = it.generate
		for _, other := range c.unnamed[id] {
			if _, same := c.compare(other, it); same {
				return
			}
		}
		c.unnamed[id] = append(c.unnamed[id], it)
	} else if first := c.named[id]; first != nil {
		if path, same := c.compare(first, it); !same && !c.broken(first.ref) {
			c.finding(conflict(first, it, path))
		}
		return
	} else {
		c.named[id] = it
	}
	c.items = append(c.items, it)
}

// inNamespace puts an object into a namespace. An object of several sources remains
// one object.
func (c *collector) inNamespace(o object.Object, namespace string) object.Object {
	if reflect.TypeOf(o.Object).Kind() != reflect.Pointer {
		return inNamespace(o, namespace)
	}
	key := movedObject{o.Object, namespace}
	if there, ok := c.moved[key]; ok {
		o.Object = there
		return o
	}
	o = inNamespace(o, namespace)
	c.moved[key] = o.Object
	return o
}

// identify returns an item with the identity of an object.
func identify(o object.Object) (*item, error) {
	apiVersion, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	it := &item{Object: o, ref: diag.ObjectRef{APIVersion: apiVersion, Kind: kind}}
	it.kind = o.GetObjectKind().GroupVersionKind().GroupKind()
	meta, ok := o.Object.(metav1.Object)
	if ok {
		it.ref.Namespace, it.ref.Name = meta.GetNamespace(), meta.GetName()
		if it.ref.Name == "" {
			it.generate = meta.GetGenerateName()
			it.ref.Name = it.generate
		}
	}
	f := diag.Finding{Severity: diag.Error, Object: it.ref, Subject: it.ref.Name}
	switch {
	case apiVersion == "" || kind == "":
		f.Code, f.Path = "object-untyped", diag.Fields("apiVersion")
		f.Object.Kind = reflect.Indirect(reflect.ValueOf(o.Object)).Type().Name()
		f.Message = fmt.Sprintf("an object of Go type %T has no apiVersion or no kind", o.Object)
		f.Help = "set its TypeMeta"
	case !ok:
		f.Code = "object-nameless"
		f.Message = "an object of kind " + kind + " has no metadata, so it cannot be part of a set"
	case it.ref.Name == "":
		f.Code, f.Path = "object-nameless", diag.Fields("metadata", "name")
		f.Message = "an object of kind " + kind + " has neither name nor generateName"
	default:
		return it, nil
	}
	f.Position = o.At(f.Path)
	return nil, f
}

// compare returns the first path where two objects differ.
func (c *collector) compare(a, b *item) (path diag.Path, same bool) {
	if a.Object.Object == b.Object.Object {
		return diag.Path{}, true
	}
	at, err := a.tree()
	if err != nil {
		return diag.Path{}, true // reported when it is rendered
	}
	bt, err := b.tree()
	if err != nil {
		c.finding(unwritable(b, err))
		return diag.Path{}, true
	}
	return yamlwrite.Difference(at, bt)
}

// conflict returns the finding for two different objects with the same identity.
func conflict(first, second *item, path diag.Path) diag.Finding {
	return diag.Finding{
		Code: "object-conflict", Severity: diag.Error, Object: second.ref, Path: path, Position: second.At(path),
		Subject: second.ref.Name,
		Message: fmt.Sprintf("%s is defined twice with a different value of %s", second.ref, path),
		Help:    "rename one of them, or make them equal",
		Related: []diag.Related{{
			Message: "first defined", Object: first.ref, Path: path, Position: first.At(path),
		}},
	}
}

// isNil reports whether an interface is nil or holds a nil pointer.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
