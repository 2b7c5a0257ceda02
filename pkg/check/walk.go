package check

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/tekwright/tekwright/internal/tekref"
)

// text is one string of an object that holds a "$(".
type text struct {
	path  string // where it stands: spec.steps[0].env[1].value
	field string // the same without indexes and keys, from the walked value on: steps.env.value
	value string
	item  bool // it is an item of a list of strings
	whole bool // it is a whole param value, which a reference may turn into a list or an object
}

// walkTexts calls visit for every string below v that holds a "$(", in the
// order of the fields. Embedded Task and Pipeline specs below v are left out:
// they have scopes of their own.
func walkTexts(v any, path string, visit func(text)) {
	value := reflect.ValueOf(v)
	if !value.IsValid() {
		return
	}
	w := walker{path: []byte(path), visit: visit}
	w.walk(planOf(value.Type()), value)
}

// plan says how strings are reached from a type; nil means that there is none.
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

func planOf(t reflect.Type) *plan { return plans[t] }

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

type walker struct {
	path, field []byte
	visit       func(text)
}

func (w *walker) walk(p *plan, v reflect.Value) {
	if p == nil {
		return
	}
	switch p.kind {
	case reflect.String:
		w.text(v.String(), false, false)
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(p.elem, v.Elem())
		}
	case reflect.Slice:
		path := len(w.path)
		for i := range v.Len() {
			w.index(i)
			if p.elem.kind == reflect.String {
				w.text(v.Index(i).String(), true, false)
			} else {
				w.walk(p.elem, v.Index(i))
			}
			w.path = w.path[:path]
		}
	case reflect.Map:
		if v.Len() == 0 {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		path := len(w.path)
		for _, k := range keys {
			w.key(k.String())
			w.walk(p.elem, v.MapIndex(k))
			w.path = w.path[:path]
		}
	case reflect.Struct:
		if p.param {
			w.param(v)
			return
		}
		path, field := len(w.path), len(w.field)
		for _, f := range p.fields {
			if !f.inline {
				w.name(f.name)
			}
			w.walk(f.plan, v.Field(f.index))
			w.path, w.field = w.path[:path], w.field[:field]
		}
	}
}

// param walks a value that is a string, a list or an object.
func (w *walker) param(v reflect.Value) {
	value, ok := v.Interface().(v1.ParamValue)
	if !ok {
		return
	}
	path := len(w.path)
	switch value.Type {
	case v1.ParamTypeArray:
		for i, s := range value.ArrayVal {
			w.index(i)
			w.text(s, true, false)
			w.path = w.path[:path]
		}
	case v1.ParamTypeObject:
		for _, k := range sortedKeys(value.ObjectVal) {
			w.key(k)
			w.text(value.ObjectVal[k], false, false)
			w.path = w.path[:path]
		}
	default:
		w.text(value.StringVal, false, true)
	}
}

func (w *walker) name(name string) {
	if len(w.path) > 0 {
		w.path = append(w.path, '.')
	}
	w.path = append(w.path, name...)
	if len(w.field) > 0 {
		w.field = append(w.field, '.')
	}
	w.field = append(w.field, name...)
}

func (w *walker) index(i int) {
	w.path = append(w.path, '[')
	w.path = strconv.AppendInt(w.path, int64(i), 10)
	w.path = append(w.path, ']')
}

func (w *walker) key(k string) {
	w.path = append(w.path, '[')
	w.path = strconv.AppendQuote(w.path, k)
	w.path = append(w.path, ']')
}

func (w *walker) text(s string, item, whole bool) {
	if tekref.Contains(s) {
		w.visit(text{string(w.path), string(w.field), s, item, whole})
	}
}
