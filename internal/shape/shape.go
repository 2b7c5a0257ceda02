// Package shape describes Go types as encoding/json reads and writes them: the
// JSON type of a value, and the fields of a struct including those of embedded
// structs. Each type is analyzed once, on first use.
package shape

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Class is the class of a type, by the JSON that it is decoded from.
type Class uint8

// The classes of types.
const (
	Any    Class = iota // an interface: any JSON
	Text                // a string
	Bool                // a boolean
	Int                 // an integer
	Float               // a number
	Bytes               // a string in base64
	List                // a slice or an array
	Map                 // an object with arbitrary keys
	Struct              // an object whose keys are the names of fields
	Raw                 // any JSON, which is stored as it is
	Param               // a param value: a string, or a list or map of strings
	Custom              // what the UnmarshalJSON or UnmarshalText method of the type accepts
)

// Type describes a Go type.
type Type struct {
	Go    reflect.Type // not a pointer
	Class Class

	elem   atomic.Pointer[Type]
	once   sync.Once
	fields []Field
	byName map[string]*Field
}

// Field is a field of a struct or of an embedded struct.
type Field struct {
	Name      string // in JSON
	Index     []int  // as for reflect.Value.FieldByIndex
	Go        reflect.Type
	OmitEmpty bool
	OmitZero  bool

	typ atomic.Pointer[Type]
}

var types sync.Map // reflect.Type -> *Type

// Of returns the description of t. If t is a pointer type, it returns the description
// of its element type.
func Of(t reflect.Type) *Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if typ, ok := types.Load(t); ok {
		return typ.(*Type)
	}
	typ, _ := types.LoadOrStore(t, &Type{Go: t, Class: classOf(t)})
	return typ.(*Type)
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// rawTypes are the types of class Raw, apart from structs that embed one.
var rawTypes = []reflect.Type{
	reflect.TypeFor[runtime.RawExtension](), reflect.TypeFor[apiextensionsv1.JSON](), reflect.TypeFor[metav1.FieldsV1](),
}

func classOf(t reflect.Type) Class {
	switch {
	case isRaw(t):
		return Raw
	case t == reflect.TypeFor[pipelinev1.ParamValue](), t == reflect.TypeFor[pipelinev1beta1.ParamValue]():
		return Param
	case reflect.PointerTo(t).Implements(jsonUnmarshaler), reflect.PointerTo(t).Implements(textUnmarshaler):
		return Custom
	}
	switch t.Kind() {
	case reflect.String:
		return Text
	case reflect.Bool:
		return Bool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Int
	case reflect.Float32, reflect.Float64:
		return Float
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return Bytes
		}
		return List
	case reflect.Map:
		return Map
	case reflect.Struct:
		return Struct
	}
	return Any
}

// isRaw reports whether t is in rawTypes, or is a struct that only embeds such a
// type and therefore has its methods.
func isRaw(t reflect.Type) bool {
	return slices.Contains(rawTypes, t) ||
		t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Anonymous && slices.Contains(rawTypes, t.Field(0).Type)
}

// Elem returns the type of the items of a list, or of the values of a map.
func (t *Type) Elem() *Type {
	if typ := t.elem.Load(); typ != nil {
		return typ
	}
	elem := Of(t.Go.Elem())
	t.elem.Store(elem)
	return elem
}

// Fields returns the fields of a struct in the order in which encoding/json
// writes them. They include the fields of embedded structs. A field hides the fields
// of the same name in embedded structs.
func (t *Type) Fields() []Field {
	t.once.Do(t.collect)
	return t.fields
}

// Field returns the field of a struct whose JSON name is name, or nil if there is
// none.
func (t *Type) Field(name string) *Field {
	t.once.Do(t.collect)
	return t.byName[name]
}

// collect sets fields and byName.
func (t *Type) collect() {
	if t.Go.Kind() != reflect.Struct {
		return
	}
	var all []candidate
	collect(t.Go, nil, &all)
	depth := map[string]int{}
	for _, f := range all {
		if d, ok := depth[f.name]; !ok || len(f.index) < d {
			depth[f.name] = len(f.index)
		}
	}
	t.fields, t.byName = make([]Field, 0, len(all)), make(map[string]*Field, len(all))
	for _, f := range all {
		if len(f.index) > depth[f.name] || t.byName[f.name] != nil {
			continue
		}
		t.fields = append(t.fields, Field{Name: f.name, Index: f.index, Go: f.typ})
		added := &t.fields[len(t.fields)-1]
		for o := range strings.SplitSeq(f.options, ",") {
			added.OmitEmpty = added.OmitEmpty || o == "omitempty"
			added.OmitZero = added.OmitZero || o == "omitzero"
		}
		t.byName[f.name] = added
	}
}

// candidate is a field that may be hidden by another one.
type candidate struct {
	name, options string
	index         []int
	typ           reflect.Type
}

// collect appends the fields of t to all. The path to t is index.
func collect(t reflect.Type, index []int, all *[]candidate) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := append(slices.Clip(index), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			collect(inner, at, all)
			continue
		}
		if name == "" {
			name = f.Name
		}
		*all = append(*all, candidate{name, options, at, f.Type})
	}
}

// Type returns the type of the field.
func (f *Field) Type() *Type {
	if typ := f.typ.Load(); typ != nil {
		return typ
	}
	t := Of(f.Go)
	f.typ.Store(t)
	return t
}

// In returns the field of the struct v. It returns false if the pointer to an
// embedded struct that contains the field is nil.
func (f *Field) In(v reflect.Value) (reflect.Value, bool) {
	for i, x := range f.Index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, true
}

// Make returns the field of the struct v, and allocates the embedded structs that
// contain it if their pointers are nil.
func (f *Field) Make(v reflect.Value) reflect.Value {
	for i, x := range f.Index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}
