// Package same compares an object that was imported with its original.
//
// Two objects are the same if Tekton treats them alike. What counts as the same is listed
// at the rules below, each of which has a pair of tests: one that must be the same, and one
// that must not. Nothing else is ignored: "", false, 0 and {} differ from an absent value
// wherever the API server keeps the difference.
package same

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/kinds"
)

// Step is one step of a path. The index of a list item may differ in the two objects.
type Step struct {
	Field string // the name of the field in Go
	JSON  string // and in YAML
	Key   string // of a map
	A, B  int    // the indexes of a list item
	Name  string // of a list item that has one
}

// Difference is a part in which two objects differ.
type Difference struct {
	Path []Step
	A, B reflect.Value
}

// String returns the path as in YAML, with indexes of the first object.
func (d Difference) String() string {
	var b strings.Builder
	for _, s := range d.Path {
		switch {
		case s.JSON != "":
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.JSON)
		case s.Field != "": // an embedded struct
		case s.Key != "":
			fmt.Fprintf(&b, "[%s]", s.Key)
		default:
			fmt.Fprintf(&b, "[%d]", s.A)
		}
	}
	return b.String()
}

// Kind returns the path without indexes and keys, to count differences of one kind.
func (d Difference) Kind() string {
	var b strings.Builder
	for _, s := range d.Path {
		if s.JSON != "" {
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.JSON)
		}
	}
	return b.String()
}

// Prepared returns a copy of an object with Tekton's defaults, and without what a server
// writes, which is the status and most of the metadata, and without the values of Secrets.
func Prepared(o runtime.Object) runtime.Object {
	o = copyOf(o)
	kubernetes(o)
	ofPaC(o)
	o = written(o)
	if d, ok := o.(apis.Defaultable); ok {
		d.SetDefaults(contexts.WithUpgradeViaDefaulting(context.Background()))
	}
	return o
}

// Written is like Prepared, but sets no defaults.
func Written(o runtime.Object) runtime.Object { return written(copyOf(o)) }

// written changes an object, and returns it.
func written(o runtime.Object) runtime.Object {
	if m, ok := o.(metav1.Object); ok {
		m.SetUID("")
		m.SetResourceVersion("")
		m.SetGeneration(0)
		m.SetSelfLink("")
		m.SetManagedFields(nil)
		m.SetCreationTimestamp(metav1.Time{})
		m.SetNamespace("")
		if a := m.GetAnnotations(); a != nil {
			delete(a, "kubectl.kubernetes.io/last-applied-configuration")
			m.SetAnnotations(a) // of an unstructured object, it is a copy
		}
	}
	if v := reflect.ValueOf(o).Elem(); v.Kind() == reflect.Struct {
		if s := v.FieldByName("Status"); s.IsValid() && s.CanSet() {
			s.SetZero()
		}
	}
	if u, ok := o.(*unstructured.Unstructured); ok {
		delete(u.Object, "status")
		dropNull(u.Object)
	}
	return o
}

// Objects returns the parts in which two prepared objects differ.
func Objects(a, b runtime.Object) []Difference { return objects(&comparison{}, a, b) }

// Exactly returns the parts in which two objects differ that are as written, see Written. Only
// the order of keys, and null for an absent value, mean nothing.
func Exactly(a, b runtime.Object) []Difference { return objects(&comparison{exact: true}, a, b) }

func objects(c *comparison, a, b runtime.Object) []Difference {
	a, b = alike(a, b), alike(b, a)
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	if va.Type() != vb.Type() {
		return []Difference{{A: va, B: vb}}
	}
	c.literal = !substituted(va.Type())
	c.compare(nil, va, vb)
	return c.found
}

// alike returns an object without a Go type if the other one has none: what is read has none for
// a Repository, which package pac describes with one.
func alike(o, other runtime.Object) runtime.Object {
	if _, ok := other.(*unstructured.Unstructured); !ok {
		return o
	}
	if _, ok := o.(*unstructured.Unstructured); ok {
		return o
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return o // the types differ
	}
	return written(&unstructured.Unstructured{Object: content})
}

type comparison struct {
	found   []Difference
	arrays  []map[string]bool // params that are arrays or objects, of the spec and those around it
	exact   bool              // no rules for what Tekton treats alike
	literal bool              // Tekton replaces no variables here
}

func (c *comparison) differ(path []Step, a, b reflect.Value) {
	c.found = append(c.found, Difference{slices.Clone(path), a, b})
}

// compare compares two values of one type.
func (c *comparison) compare(path []Step, a, b reflect.Value) {
	if f := c.special(a.Type()); f != nil {
		f(c, path, a, b)
		return
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		switch {
		case a.IsNil() && b.IsNil():
		case a.IsNil() || b.IsNil() || a.Elem().Type() != b.Elem().Type():
			c.differ(path, a, b)
		default:
			c.compare(path, a.Elem(), b.Elem())
		}
	case reflect.Struct:
		if opaque(a.Type()) {
			c.whole(path, a, b)
			return
		}
		c.fields(path, a, b)
	case reflect.Slice:
		if a.Type().Elem().Kind() == reflect.Uint8 {
			c.bytes(path, a, b)
			return
		}
		c.lists(path, a, b)
	case reflect.Map:
		c.maps(path, a, b)
	case reflect.String:
		if a.String() != b.String() && c.spelled(a.String()) != c.spelled(b.String()) {
			c.differ(path, a, b)
		}
	default:
		c.whole(path, a, b)
	}
}

// whole compares two values that have no parts.
func (c *comparison) whole(path []Step, a, b reflect.Value) {
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		c.differ(path, a, b)
	}
}

// fields compares the fields of a struct. The path of an embedded struct has no name in
// YAML.
func (c *comparison) fields(path []Step, a, b reflect.Value, skip ...string) {
	t := a.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || slices.Contains(skip, f.Name) {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		literal := c.literal
		c.literal = literal || unreplaced[name]
		c.compare(append(path, Step{Field: f.Name, JSON: name}), a.Field(i), b.Field(i))
		c.literal = literal
	}
}

func (c *comparison) maps(path []Step, a, b reflect.Value) {
	if a.Len() != b.Len() {
		c.differ(path, a, b)
		return
	}
	keys := a.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	for _, k := range keys {
		if !b.MapIndex(k).IsValid() {
			c.differ(path, a, b)
			return
		}
	}
	for _, k := range keys {
		c.compare(append(path, Step{Key: k.String()}), a.MapIndex(k), b.MapIndex(k))
	}
}

// lists compares lists. Items with unique names may be in any order if Tekton finds them
// by name.
func (c *comparison) lists(path []Step, a, b reflect.Value) {
	steps, ok := c.paired(a, b)
	if !ok {
		c.differ(path, a, b)
		return
	}
	for _, s := range steps {
		c.compare(append(path, s), a.Index(s.A), b.Index(s.B))
	}
}

// paired returns which items of two lists to compare: those with the same name, or else at
// the same place. It reports false if the lengths differ or a name is in one list alone.
func (c *comparison) paired(a, b reflect.Value) ([]Step, bool) {
	if a.Len() != b.Len() {
		return nil, false
	}
	steps, index := make([]Step, a.Len()), map[string]int(nil)
	if !c.exact {
		index = byName(a, b)
	}
	for i := range steps {
		steps[i] = Step{A: i, B: i}
		if index != nil {
			steps[i].Name = nameOf(a.Index(i))
			j, ok := index[steps[i].Name]
			if !ok {
				return nil, false
			}
			steps[i].B = j
		}
	}
	if c.exact && unordered[a.Type().Elem()] && reordered(a, b) {
		return nil, false // in another order, the list differs as a whole
	}
	return steps, true
}

// reordered reports whether two lists have items of the same names in different orders.
func reordered(a, b reflect.Value) bool {
	index := byName(a, b)
	for i := range a.Len() {
		if j, ok := index[nameOf(a.Index(i))]; ok && j != i {
			return true
		}
	}
	return false
}

// unordered are the types of list items that Tekton finds by name.
var unordered = map[reflect.Type]bool{
	reflect.TypeFor[v1.Param]():                          true,
	reflect.TypeFor[v1.ParamSpec]():                      true,
	reflect.TypeFor[v1.TaskResult]():                     true,
	reflect.TypeFor[v1.StepResult]():                     true,
	reflect.TypeFor[v1.PipelineResult]():                 true,
	reflect.TypeFor[v1.WorkspaceDeclaration]():           true,
	reflect.TypeFor[v1.PipelineWorkspaceDeclaration]():   true,
	reflect.TypeFor[v1.WorkspacePipelineTaskBinding]():   true,
	reflect.TypeFor[v1.WorkspaceBinding]():               true,
	reflect.TypeFor[v1.WorkspaceUsage]():                 true,
	reflect.TypeFor[v1.PipelineTask]():                   true,
	reflect.TypeFor[triggersv1beta1.Param]():             true,
	reflect.TypeFor[triggersv1beta1.ParamSpec]():         true,
	reflect.TypeFor[triggersv1beta1.InterceptorParams](): true,
	reflect.TypeFor[v1.PipelineTaskRunSpec]():            true,
}

// byName returns the indexes of the items of b by name, or nil if the order counts or a
// name is missing or not unique.
func byName(a, b reflect.Value) map[string]int {
	if !unordered[a.Type().Elem()] {
		return nil
	}
	seen, index := map[string]bool{}, make(map[string]int, b.Len())
	for i := range a.Len() {
		n := nameOf(a.Index(i))
		if n == "" || seen[n] {
			return nil
		}
		seen[n] = true
	}
	for i := range b.Len() {
		n := nameOf(b.Index(i))
		if _, ok := index[n]; ok || n == "" {
			return nil
		}
		index[n] = i
	}
	return index
}

func nameOf(v reflect.Value) string {
	if v.Type() == reflect.TypeFor[v1.PipelineTaskRunSpec]() {
		return v.FieldByName("PipelineTaskName").String()
	}
	return v.FieldByName("Name").String()
}

// quantities are compared by value: 1Gi is 1024Mi.
func quantities(c *comparison, path []Step, a, b reflect.Value) {
	x, y := a.Interface().(resource.Quantity), b.Interface().(resource.Quantity)
	if x.Cmp(y) != 0 {
		c.differ(path, a, b)
	}
}

func times(c *comparison, path []Step, a, b reflect.Value) {
	x, y := a.Interface().(metav1.Time), b.Interface().(metav1.Time)
	if !x.Equal(&y) {
		c.differ(path, a, b)
	}
}

// extensions are compared as objects, if they are of a kind with an upstream struct, or as
// JSON.
func extensions(c *comparison, path []Step, a, b reflect.Value) {
	x, y := a.Interface().(runtime.RawExtension), b.Interface().(runtime.RawExtension)
	if o, p := Typed(x.Raw), Typed(y.Raw); o != nil && p != nil && reflect.TypeOf(o) == reflect.TypeOf(p) {
		if len(Objects(Prepared(o), Prepared(p))) > 0 {
			c.differ(path, a, b)
		}
		return
	}
	if !bytes.Equal(canonical(x.Raw), canonical(y.Raw)) {
		c.differ(path, a, b)
	}
}

// Typed returns an object in JSON as the upstream struct, or nil if it has values that the
// struct cannot have, such as a variable as a quantity.
func Typed(raw []byte) runtime.Object {
	u := &unstructured.Unstructured{}
	if u.UnmarshalJSON(raw) != nil {
		return nil
	}
	o := kinds.New(u.GetAPIVersion(), u.GetKind())
	if o == nil || runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, o, true) != nil {
		return nil
	}
	return o
}

// canonical returns JSON with sorted keys and without white space, or the text itself if
// it is not JSON.
func canonical(raw []byte) []byte {
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return out
}

// onError: stopAndFail is the default.
func onError(c *comparison, path []Step, a, b reflect.Value) {
	c.orDefault(path, a, b, "stopAndFail")
}

// paramTypes: string is the default.
func paramTypes(c *comparison, path []Step, a, b reflect.Value) {
	c.orDefault(path, a, b, "string")
}

func (c *comparison) orDefault(path []Step, a, b reflect.Value, def string) {
	x, y := a.String(), b.String()
	if x == "" {
		x = def
	}
	if y == "" {
		y = def
	}
	if x != y {
		c.differ(path, a, b)
	}
}

// bindings: a workspace of the pipeline that is not named has the name of the binding.
func bindings(c *comparison, path []Step, a, b reflect.Value) {
	named := func(v reflect.Value) reflect.Value {
		w, _ := reflect.TypeAssert[v1.WorkspacePipelineTaskBinding](v)
		if w.Workspace == "" {
			w.Workspace = w.Name
		}
		return reflect.ValueOf(w)
	}
	c.fields(path, named(a), named(b))
}

// refs: the kind Task, and the API group of a Task, mean the same as none.
func refs(c *comparison, path []Step, a, b reflect.Value) {
	clean := func(r v1.TaskRef) v1.TaskRef {
		if r.Kind == v1.NamespacedTaskKind || r.Kind == "" {
			r.Kind = ""
			if strings.HasPrefix(r.APIVersion, "tekton.dev/") {
				r.APIVersion = ""
			}
		}
		return r
	}
	x, y := clean(a.Interface().(v1.TaskRef)), clean(b.Interface().(v1.TaskRef))
	c.fields(path, reflect.ValueOf(x), reflect.ValueOf(y))
}
