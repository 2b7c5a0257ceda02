// Package strict holds a document against the upstream struct of its kind, as
// an API server does: keys are case-sensitive, unknown ones are refused, and a
// text is no number.
package strict

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// class is how a type reads JSON.
type class uint8

const (
	anything class = iota
	text
	boolean
	integer
	float
	bytes  // base64
	list   // of elem
	free   // a map with keys of the user's
	fields // a struct
	param  // a param's value: a text, a list or a map of texts
	own    // a type that reads itself
)

// shape is what a type takes.
type shape struct {
	class  class
	typ    reflect.Type
	elem   *shape
	fields map[string]*shape
	names  []string // of the fields, in their order
}

var (
	shapesLock sync.Mutex
	shapes     = map[reflect.Type]*shape{}
	ready      sync.Map // reflect.Type -> *shape, complete ones
)

// shapeOf returns the shape of a type; each is made once.
func shapeOf(t reflect.Type) *shape {
	if s, ok := ready.Load(t); ok {
		return s.(*shape)
	}
	shapesLock.Lock()
	defer shapesLock.Unlock()
	s := compile(t)
	ready.Store(t, s)
	return s
}

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// raw are the types that take any JSON.
var raw = []reflect.Type{
	reflect.TypeFor[runtime.RawExtension](), reflect.TypeFor[apiextensionsv1.JSON](), reflect.TypeFor[metav1.FieldsV1](),
}

// compile makes the shape of a type; the lock is held.
func compile(t reflect.Type) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s := shapes[t]; s != nil {
		return s
	}
	s := &shape{typ: t}
	shapes[t] = s
	switch {
	case isRaw(t):
	case t == reflect.TypeFor[pipelinev1.ParamValue](), t == reflect.TypeFor[pipelinev1beta1.ParamValue]():
		s.class = param
	case reflect.PointerTo(t).Implements(jsonReader), reflect.PointerTo(t).Implements(textReader):
		s.class = own
	default:
		s.plain(t)
	}
	return s
}

// isRaw tells a type that takes any JSON, or embeds one and so reads as it.
func isRaw(t reflect.Type) bool {
	return slices.Contains(raw, t) ||
		t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Anonymous && slices.Contains(raw, t.Field(0).Type)
}

// plain fills in what encoding/json makes of the type by itself.
func (s *shape) plain(t reflect.Type) {
	switch t.Kind() {
	case reflect.String:
		s.class = text
	case reflect.Bool:
		s.class = boolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.class = integer
	case reflect.Float32, reflect.Float64:
		s.class = float
	case reflect.Slice, reflect.Array:
		s.class, s.elem = list, compile(t.Elem())
		if t.Elem().Kind() == reflect.Uint8 {
			s.class = bytes
		}
	case reflect.Map:
		s.class, s.elem = free, compile(t.Elem())
	case reflect.Struct:
		s.class, s.fields = fields, map[string]*shape{}
		s.collect(t)
	}
}

// collect adds the fields of a struct; those of embedded structs count as its
// own, and an outer one hides an inner one.
func (s *shape) collect(t reflect.Type) {
	var embedded []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			embedded = append(embedded, inner)
			continue
		}
		if name == "" {
			name = f.Name
		}
		if s.fields[name] == nil {
			s.fields[name] = compile(f.Type)
			s.names = append(s.names, name)
		}
	}
	for _, t := range embedded {
		s.collect(t)
	}
}
