package yamlwrite

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// maxDepth is far more than any object needs. It prevents cyclic values from exhausting
// the stack.
const maxDepth = 500

// errDepth is the error for a value that is nested more than maxDepth levels deep.
var errDepth = errors.New("it is nested too deeply, or contains itself")

// Of returns the tree of an object: the fields that encoding/json would write, in their
// conventional order, except
//
//   - the status, and nil values;
//   - fields that are empty strings, unless the name of the field is "value";
//   - fields that are empty maps or structs, unless they are pointers: emptyDir: {} is
//     kept;
//   - zero structs marked omitempty.
//
// Items of lists, values of maps and the values of params are never omitted. An error
// contains the path of the invalid value.
func Of(object any) (Node, error) {
	if u, ok := object.(*unstructured.Unstructured); ok && u != nil {
		n, err := value(reflect.ValueOf(u.Object), 0)
		n.tidyObject()
		return n, err
	}
	return value(reflect.ValueOf(object), 0)
}

// pathError is an error at a path in an object.
type pathError struct {
	back []diag.Segment // in reverse order
	err  error
}

func (e *pathError) Error() string { return e.Path().String() + ": " + e.err.Error() }

// Path returns the path of the invalid value.
func (e *pathError) Path() diag.Path { return reversedPath(slices.Clone(e.back)) }

func (e *pathError) Unwrap() error { return e.err }

// atStep returns err with step prepended to its path.
func atStep(step diag.Segment, err error) error {
	if p, ok := errors.AsType[*pathError](err); ok {
		return &pathError{append(slices.Clone(p.back), step), p.err}
	}
	return &pathError{[]diag.Segment{step}, err}
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// writer returns the tree of a value of a certain type.
type writer func(v reflect.Value, depth int) (Node, error)

// special returns the writer for a type whose MarshalJSON method is not used. It returns
// nil for other types.
func special(t reflect.Type) writer {
	switch t {
	case reflect.TypeFor[pipelinev1.ParamValue]():
		return paramValue
	case reflect.TypeFor[metav1.Duration]():
		return duration
	case reflect.TypeFor[runtime.RawExtension]():
		return rawExtension
	}
	// A struct that only embeds a RawExtension, such as TriggerResourceTemplate.
	if t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Anonymous &&
		t.Field(0).Type == reflect.TypeFor[runtime.RawExtension]() {
		return func(v reflect.Value, depth int) (Node, error) { return rawExtension(v.Field(0), depth) }
	}
	return nil
}

func value(v reflect.Value, depth int) (Node, error) {
	if depth > maxDepth {
		return Node{}, errDepth
	}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return Node{}, nil
		}
		if v.Type() == reflect.TypeFor[*unstructured.Unstructured]() {
			return Of(v.Interface())
		}
		v = v.Elem()
		if depth++; depth > maxDepth {
			return Node{}, errDepth
		}
	}
	if !v.IsValid() {
		return Node{}, nil
	}
	p := planOf(v.Type())
	switch {
	case p.special != nil:
		return p.special(v, depth)
	case p.marshals == jsonMarshaler:
		return marshalled(v.Interface())
	case p.marshalsAddr == jsonMarshaler && v.CanAddr():
		return marshalled(v.Addr().Interface())
	case p.marshals == textMarshaler:
		return marshalled(v.Interface())
	case p.marshalsAddr == textMarshaler && v.CanAddr():
		return marshalled(v.Addr().Interface())
	}
	switch v.Kind() {
	case reflect.Bool:
		return Node{Kind: Bool, Text: strconv.FormatBool(v.Bool())}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Node{Kind: Number, Text: strconv.FormatInt(v.Int(), 10)}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return Node{Kind: Number, Text: strconv.FormatUint(v.Uint(), 10)}, nil
	case reflect.Float32, reflect.Float64:
		return marshalled(v.Interface())
	case reflect.String:
		return text(v.String())
	case reflect.Slice, reflect.Array:
		return list(v, depth)
	case reflect.Map:
		return freeMap(v, depth)
	case reflect.Struct:
		return fields(v, p, depth)
	}
	return Node{}, fmt.Errorf("a %s cannot be written", v.Type())
}

func text(s string) (Node, error) {
	if !utf8.ValidString(s) {
		return Node{}, errors.New("the text is not valid UTF-8; put bytes into a Secret or into binaryData of a ConfigMap")
	}
	return Node{Kind: String, Text: s}, nil
}

// marshalled returns the tree of the JSON that encoding/json writes for v.
func marshalled(v any) (Node, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return Node{}, err
	}
	return FromJSON(b)
}

func list(v reflect.Value, depth int) (Node, error) {
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return Node{}, nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return Node{Kind: String, Text: base64.StdEncoding.EncodeToString(v.Bytes())}, nil
		}
	}
	n := Node{Kind: List, Items: make([]Node, v.Len())}
	for i := range n.Items {
		item, err := value(v.Index(i), depth+1)
		if err != nil {
			return n, atStep(diag.Segment{Index: i, Kind: diag.IndexSegment}, err)
		}
		item.nameFirst()
		n.Items[i] = item
	}
	return n, nil
}

func freeMap(v reflect.Value, depth int) (Node, error) {
	if v.IsNil() {
		return Node{}, nil
	}
	n := Node{Kind: Map, Free: true, Keys: make([]string, 0, v.Len()), Items: make([]Node, 0, v.Len())}
	if v.Type().Key().Kind() != reflect.String {
		return n, fmt.Errorf("a map with keys of type %s cannot be written", v.Type().Key())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		item, err := value(v.MapIndex(k), depth+1)
		if err == nil {
			_, err = text(k.String())
		}
		if err != nil {
			return n, atStep(diag.Segment{Name: k.String(), Kind: diag.KeySegment}, err)
		}
		n.add(k.String(), item)
	}
	return n, nil
}

// fields returns the tree of a struct.
func fields(v reflect.Value, p *plan, depth int) (Node, error) {
	n := Node{Kind: Map, Keys: make([]string, 0, 8), Items: make([]Node, 0, 8)}
	for i := range p.fields {
		f := &p.fields[i]
		fv, ok := f.In(v)
		if !ok || f.omitted(fv) {
			continue
		}
		item, err := value(fv, depth+1)
		if err != nil {
			return n, atStep(diag.Segment{Name: f.Name}, err)
		}
		if f.isRedundant(fv, &item) {
			continue
		}
		item.Block = item.Kind == String && f.Name == "script"
		n.add(f.Name, item)
	}
	return n, nil
}
