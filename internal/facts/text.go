package facts

import (
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Text is one string of an object that holds a "$(".
type Text struct {
	// Spot is where it stands: spec.steps[0].env[1].value.
	Spot Spot
	// Field is the same without indexes and keys, from the spec on:
	// steps.env.value.
	Field string
	// Value is the string.
	Value string
	// Item reports whether it is an item of a list of strings.
	Item bool
	// Whole reports whether it is all of a param value, which a variable may turn
	// into an array or an object.
	Whole bool
}

// Prose reports whether the text is for people.
func (t *Text) Prose() bool {
	return t.Field == "description" || t.Field == "displayName" ||
		strings.HasSuffix(t.Field, ".description") || strings.HasSuffix(t.Field, ".displayName")
}

// TextsIn returns every string below v that holds a "$(", in the order of the
// fields; v stands at s. Specs of Tasks and Pipelines that are embedded in v
// are left out: they have scopes of their own.
func TextsIn(v any, s Spot) []Text {
	value := reflect.ValueOf(v)
	if !value.IsValid() {
		return nil
	}
	w := walker{entry: s.Entry, base: s.Path}
	w.walk(plans[value.Type()], value)
	return w.texts
}

// plan says how strings are reached from a type; nil means that there are none.
type plan struct {
	kind   reflect.Kind
	fields []planField
	elem   *plan
	param  bool // a v1.ParamValue
}

type planField struct {
	index  int
	name   string
	plan   *plan
	inline bool
}

// plans are compiled once for the types that are walked, and never changed.
var plans = compilePlans(
	reflect.TypeFor[*v1.TaskSpec](), reflect.TypeFor[*v1.PipelineTask](), reflect.TypeFor[*v1.PipelineRunSpec](),
	reflect.TypeFor[*v1.TaskRunSpec](), reflect.TypeFor[*v1.ParamValue](), reflect.TypeFor[*v1beta1.StepActionSpec](),
)

func compilePlans(types ...reflect.Type) map[reflect.Type]*plan {
	c := planCompiler{}
	for _, t := range types {
		c.compile(t)
	}
	return c
}

type planCompiler map[reflect.Type]*plan

// opaque are the types with nothing to substitute below, or with a scope of
// their own.
var opaque = []reflect.Type{
	reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.Duration](), reflect.TypeFor[metav1.TypeMeta](),
	reflect.TypeFor[runtime.TypeMeta](), reflect.TypeFor[resource.Quantity](), reflect.TypeFor[runtime.RawExtension](),
	reflect.TypeFor[intstr.IntOrString](), reflect.TypeFor[v1.EmbeddedTask](), reflect.TypeFor[v1.PipelineSpec](),
	reflect.TypeFor[metav1.ObjectMeta](),
}

func (c planCompiler) compile(t reflect.Type) *plan {
	if p, ok := c[t]; ok {
		return p
	}
	if slices.Contains(opaque, t) {
		return nil
	}
	p := &plan{kind: t.Kind()}
	switch t.Kind() {
	case reflect.String:
		return p
	case reflect.Pointer, reflect.Slice, reflect.Map:
		c[t] = p
		if p.elem = c.compile(t.Elem()); p.elem == nil {
			delete(c, t)
			return nil
		}
		return p
	case reflect.Struct:
		c[t] = p
		if t == reflect.TypeFor[v1.ParamValue]() {
			p.param = true
			return p
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				continue
			}
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			inline := strings.Contains(options, "inline") || name == "" && f.Anonymous
			if name == "-" || name == "" && !inline {
				continue
			}
			if f.Type == reflect.TypeFor[*v1.TaskSpec]() {
				continue // an embedded spec
			}
			if elem := c.compile(f.Type); elem != nil {
				p.fields = append(p.fields, planField{i, name, elem, inline})
			}
		}
		if len(p.fields) == 0 {
			delete(c, t)
			return nil
		}
		return p
	default:
		return nil
	}
}

// walker goes through a value. Most values have no variables in them, so paths
// are made of the segments only where one is found.
type walker struct {
	entry    *Entry
	base     diag.Path
	segments []diag.Segment
	paths    []diag.Path // of the first segments, as far as they have been made
	field    []byte
	texts    []Text
}

func (w *walker) push(s diag.Segment) { w.segments = append(w.segments, s) }

// pop goes back to the first n segments.
func (w *walker) pop(n int) {
	w.segments = w.segments[:n]
	w.paths = w.paths[:min(len(w.paths), n)]
}

func (w *walker) path() diag.Path {
	for len(w.paths) < len(w.segments) {
		p := w.base
		if n := len(w.paths); n > 0 {
			p = w.paths[n-1]
		}
		w.paths = append(w.paths, p.Append(w.segments[len(w.paths)]))
	}
	if len(w.paths) == 0 {
		return w.base
	}
	return w.paths[len(w.paths)-1]
}

func (w *walker) walk(p *plan, v reflect.Value) {
	if p == nil {
		return
	}
	depth := len(w.segments)
	switch p.kind {
	case reflect.String:
		w.text(v.String(), false, false)
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(p.elem, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.push(diag.Segment{Index: i, Kind: diag.IndexSegment})
			if p.elem.kind == reflect.String {
				w.text(v.Index(i).String(), true, false)
			} else {
				w.walk(p.elem, v.Index(i))
			}
			w.pop(depth)
		}
	case reflect.Map:
		if v.Len() == 0 {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			w.push(diag.Segment{Name: k.String(), Kind: diag.KeySegment})
			w.walk(p.elem, v.MapIndex(k))
			w.pop(depth)
		}
	case reflect.Struct:
		if p.param {
			w.param(v)
			return
		}
		field := len(w.field)
		for _, f := range p.fields {
			if !f.inline {
				w.push(diag.Segment{Name: f.name})
				if len(w.field) > 0 {
					w.field = append(w.field, '.')
				}
				w.field = append(w.field, f.name...)
			}
			w.walk(f.plan, v.Field(f.index))
			w.pop(depth)
			w.field = w.field[:field]
		}
	}
}

// param walks a value that is a string, an array or an object.
func (w *walker) param(v reflect.Value) {
	var value *v1.ParamValue
	if v.CanAddr() {
		value, _ = v.Addr().Interface().(*v1.ParamValue)
	}
	if value == nil {
		copied, ok := v.Interface().(v1.ParamValue)
		if !ok {
			return
		}
		value = &copied
	}
	depth := len(w.segments)
	switch value.Type {
	case v1.ParamTypeArray:
		for i, s := range value.ArrayVal {
			w.push(diag.Segment{Index: i, Kind: diag.IndexSegment})
			w.text(s, true, false)
			w.pop(depth)
		}
	case v1.ParamTypeObject:
		for _, k := range sortedKeys(value.ObjectVal) {
			w.push(diag.Segment{Name: k, Kind: diag.KeySegment})
			w.text(value.ObjectVal[k], false, false)
			w.pop(depth)
		}
	default:
		w.text(value.StringVal, false, true)
	}
}

func (w *walker) text(s string, item, whole bool) {
	if tekref.Contains(s) {
		w.texts = append(w.texts, Text{Spot{Entry: w.entry, Path: w.path()}, string(w.field), s, item, whole})
	}
}
