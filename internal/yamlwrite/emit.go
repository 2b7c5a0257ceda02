package yamlwrite

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Append appends the YAML document of an object to b. The result is the same as that of
// Of and AppendYAML, but Append does not build a tree. If there is an error, it returns
// b unchanged.
func Append(b []byte, object any) ([]byte, error) {
	if u, ok := object.(*unstructured.Unstructured); ok && u != nil {
		n, err := Of(u)
		if err != nil {
			return b, err
		}
		return n.AppendYAML(b), nil
	}
	e := emitter{b: b}
	start := len(b)
	s, err := e.value(reflect.ValueOf(object), place{root: true}, 0)
	if err != nil {
		return b, err
	}
	if s.empty && (s.kind == Map || s.kind == List) || len(e.b) == start {
		e.b = append(e.appendEmpty(s), '\n')
	}
	return e.b, nil
}

// emitter writes the values of upstream structs while it traverses them.
type emitter struct {
	b []byte
}

// place is where a value is written: after the colon of a key in that column, after the
// dash of an item in that column, or at the beginning of the document.
type place struct {
	column int
	dash   bool
	root   bool
	block  bool // write a string as a literal block even if it is a single line
}

// inner returns the column of the keys of a map, or of the dashes of a list, at s.
func (s place) inner() int {
	if s.root {
		return 0
	}
	return s.column + indent
}

// open begins a non-empty map or list at s.
func (e *emitter) open(s place) {
	if !s.dash && !s.root {
		e.b = append(e.b, '\n')
	}
}

// outcome describes a value after it was written. Null, and empty maps and lists, are
// not written: the caller decides whether to omit them or to write them with
// appendEmpty.
type outcome struct {
	kind  Kind
	empty bool
}

// appendEmpty appends null, or an empty map or list, to e.b.
func (e *emitter) appendEmpty(s outcome) []byte {
	switch s.kind {
	case List:
		return append(e.b, "[]"...)
	case Map:
		return append(e.b, "{}"...)
	}
	return append(e.b, "null"...)
}

var wroteNull = outcome{kind: Null, empty: true}

// value writes v and a line break.
func (e *emitter) value(v reflect.Value, at place, depth int) (outcome, error) {
	if depth > maxDepth {
		return wroteNull, errDepth
	}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return wroteNull, nil
		}
		if v.Type() == reflect.TypeFor[*unstructured.Unstructured]() {
			return e.generic(v.Interface(), at, depth)
		}
		v = v.Elem()
		if depth++; depth > maxDepth {
			return wroteNull, errDepth
		}
	}
	if !v.IsValid() {
		return wroteNull, nil
	}
	p := planOf(v.Type())
	if p.direct != nil {
		return p.direct(e, v, at, depth)
	}
	switch v.Kind() {
	case reflect.Bool:
		return e.scalar(Bool, strconv.AppendBool(e.begin(at), v.Bool())), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.scalar(Number, strconv.AppendInt(e.begin(at), v.Int(), 10)), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return e.scalar(Number, strconv.AppendUint(e.begin(at), v.Uint(), 10)), nil
	case reflect.String:
		return e.text(v.String(), at)
	case reflect.Slice, reflect.Array:
		return e.list(v, at, depth)
	case reflect.Map:
		return e.freeMap(v, at, depth)
	case reflect.Struct:
		return e.fields(v, p, at, depth)
	}
	return e.generic(v.Interface(), at, depth)
}

// begin returns e.b, with the space before a value in the same line if it needs one.
func (e *emitter) begin(at place) []byte {
	if at.dash || at.root {
		return e.b
	}
	return append(e.b, ' ')
}

// scalar sets e.b to b, to which a scalar was appended, and ends the line.
func (e *emitter) scalar(kind Kind, b []byte) outcome {
	e.b = append(b, '\n')
	return outcome{kind: kind}
}

var errUTF8 = errors.New("the text is not valid UTF-8; put bytes into a Secret or into binaryData of a ConfigMap")

func (e *emitter) text(s string, at place) (outcome, error) {
	if !at.block && simple(s) {
		return e.scalar(String, append(e.begin(at), s...)), nil
	}
	if !utf8.ValidString(s) {
		return wroteNull, errUTF8
	}
	if !at.root && (at.block || strings.IndexByte(s, '\n') >= 0) && blockable(s) {
		e.b = appendLiteral(e.begin(at), s, at.inner())
		return outcome{kind: String}, nil
	}
	e.scalar(String, appendQuoted(e.begin(at), s))
	return outcome{kind: String, empty: s == ""}, nil
}

// node writes a tree as value writes a Go value.
func (e *emitter) node(n *Node, at place) outcome {
	s := outcome{kind: n.Kind, empty: n.Kind == Null || (n.Kind == Map || n.Kind == List) && n.empty() || n.Kind == String && n.Text == ""}
	switch {
	case n.Kind != String && s.empty:
	case n.Kind == Map:
		e.open(at)
		e.b = n.appendMap(e.b, at.inner(), at.dash)
	case n.Kind == List:
		e.open(at)
		e.b = n.appendList(e.b, at.inner(), at.dash)
	case n.literal() || at.block && n.Kind == String && blockable(n.Text):
		e.b = appendLiteral(e.begin(at), n.Text, at.inner())
	default:
		e.b = append(n.appendFlow(e.begin(at)), '\n')
	}
	return s
}

// generic writes a value that can only be converted to a tree.
func (e *emitter) generic(v any, at place, depth int) (outcome, error) {
	n, err := value(reflect.ValueOf(v), depth)
	if err != nil {
		return wroteNull, err
	}
	if at.dash {
		n.nameFirst()
	}
	return e.node(&n, at), nil
}

func (e *emitter) list(v reflect.Value, at place, depth int) (outcome, error) {
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return wroteNull, nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return e.text(base64.StdEncoding.EncodeToString(v.Bytes()), at)
		}
	}
	if v.Len() == 0 {
		return outcome{List, true}, nil
	}
	e.open(at)
	column := at.inner()
	for i := range v.Len() {
		if err := e.item(v.Index(i), column, at.dash && i == 0, depth); err != nil {
			return wroteNull, atStep(diag.Segment{Index: i, Kind: diag.IndexSegment}, err)
		}
	}
	return outcome{kind: List}, nil
}

// item writes an item of a list whose dashes are in column. The dash continues the
// current line if inline is true.
func (e *emitter) item(v reflect.Value, column int, inline bool, depth int) error {
	e.indent(column, inline)
	e.b = append(e.b, '-', ' ')
	s, err := e.value(v, place{column: column, dash: true}, depth+1)
	if err == nil && s.empty && s.kind != String {
		e.b = append(e.appendEmpty(s), '\n')
	}
	return err
}

func (e *emitter) indent(column int, inline bool) {
	if !inline {
		e.b = appendSpaces(e.b, column)
	}
}

// entry writes a key of a map, and its value.
func (e *emitter) entry(k string, v reflect.Value, at place, first bool, depth int) error {
	column := at.inner()
	e.indent(column, at.dash && first)
	e.key(k, column)
	s, err := e.value(v, place{column: column}, depth+1)
	if err == nil && s.empty && s.kind != String {
		e.b = append(e.b, ' ')
		e.b = append(e.appendEmpty(s), '\n')
	}
	return err
}

// key writes a key of a map, and the colon.
func (e *emitter) key(k string, column int) {
	start := len(e.b)
	e.b = appendQuoted(e.b, k)
	if len(e.b)-start > longKey {
		e.b = slices.Insert(e.b, start, '?', ' ')
		e.b = appendSpaces(append(e.b, '\n'), column)
	}
	e.b = append(e.b, ':')
}

func (e *emitter) freeMap(v reflect.Value, at place, depth int) (outcome, error) {
	if v.IsNil() {
		return wroteNull, nil
	}
	if v.Type().Key().Kind() != reflect.String {
		return wroteNull, fmt.Errorf("a map with keys of type %s cannot be written", v.Type().Key())
	}
	if v.Len() == 0 {
		return outcome{Map, true}, nil
	}
	e.open(at)
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for i, k := range keys {
		if !utf8.ValidString(k.String()) {
			return wroteNull, atStep(diag.Segment{Name: k.String(), Kind: diag.KeySegment}, errUTF8)
		}
		if err := e.entry(k.String(), v.MapIndex(k), at, i == 0, depth); err != nil {
			return wroteNull, atStep(diag.Segment{Name: k.String(), Kind: diag.KeySegment}, err)
		}
	}
	return outcome{kind: Map}, nil
}

// fields writes a struct.
func (e *emitter) fields(v reflect.Value, p *plan, at place, depth int) (outcome, error) {
	begin := len(e.b)
	e.open(at)
	column, first := at.inner(), true
	order := p.fields
	if at.dash && p.nameFirst != nil && (p.kind == nil || p.lacksKind(v)) {
		order = p.nameFirst
	}
	for i := range order {
		f := &order[i]
		fv, ok := f.In(v)
		if !ok || f.omitted(fv) || f.isEmptyText(fv) {
			continue
		}
		mark := len(e.b)
		e.indent(column, at.dash && first)
		e.b = append(e.b, f.label...)
		s, err := e.value(fv, place{column: column, block: f.Name == "script"}, depth+1)
		if err != nil {
			return wroteNull, atStep(diag.Segment{Name: f.Name}, err)
		}
		if f.isWritten(fv, s) {
			if s.empty && s.kind != String {
				e.b = append(e.b, ' ')
				e.b = append(e.appendEmpty(s), '\n')
			}
			first = false
			continue
		}
		e.b = e.b[:mark]
	}
	if first {
		e.b = e.b[:begin]
	}
	return outcome{Map, first}, nil
}

// lacksKind reports whether the field "kind" of the struct will be omitted.
func (p *plan) lacksKind(v reflect.Value) bool {
	fv, ok := p.kind.In(v)
	return !ok || p.kind.omitted(fv) || fv.Kind() == reflect.String && fv.Len() == 0
}

// isEmptyText reports whether v is an empty string that isRedundant would omit. This is
// the common case, and it is found before the key is written.
func (f *field) isEmptyText(v reflect.Value) bool {
	return f.isText && v.Len() == 0 && f.Name != "value"
}

// isWritten reports whether a field is written. It is the negation of isRedundant, for
// values that are not trees.
func (f *field) isWritten(v reflect.Value, s outcome) bool {
	switch {
	case s.kind == Null:
		return false
	case s.kind == String:
		return !s.empty || v.Kind() != reflect.String || f.Name == "value"
	case s.kind == Map:
		return !s.empty || v.Kind() != reflect.Map && !f.prune
	}
	return true
}

// direct writes the values of a type that has its own representation.
type direct func(e *emitter, v reflect.Value, at place, depth int) (outcome, error)

// paramText writes a param value. It writes a nil array as [], not null.
func paramText(e *emitter, v reflect.Value, at place, depth int) (outcome, error) {
	switch v.FieldByIndex(paramType).String() {
	case string(pipelinev1.ParamTypeString):
		return e.text(v.FieldByIndex(paramString).String(), at)
	case string(pipelinev1.ParamTypeArray):
		s, err := e.list(v.FieldByIndex(paramArray), at, depth)
		s.kind = List
		return s, err
	case string(pipelinev1.ParamTypeObject):
		s, err := e.freeMap(v.FieldByIndex(paramObject), at, depth)
		s.kind = Map
		return s, err
	}
	_, err := paramValue(v, depth)
	return wroteNull, err
}

var paramType, paramString, paramArray, paramObject = paramField("Type"), paramField("StringVal"), paramField("ArrayVal"), paramField("ObjectVal")

func paramField(name string) []int {
	f, _ := reflect.TypeFor[pipelinev1.ParamValue]().FieldByName(name)
	return f.Index
}

// viaTree returns a function that writes the tree that w returns.
func viaTree(w writer) direct {
	return func(e *emitter, v reflect.Value, at place, depth int) (outcome, error) {
		n, err := w(v, depth)
		if err != nil {
			return wroteNull, err
		}
		if at.dash {
			n.nameFirst()
		}
		return e.node(&n, at), nil
	}
}

// quantity writes a resource.Quantity, whose JSON is the string that String returns.
func quantity(e *emitter, v reflect.Value, at place, _ int) (outcome, error) {
	if v.CanAddr() {
		return e.text(v.Addr().Interface().(*resource.Quantity).String(), at)
	}
	q := v.Interface().(resource.Quantity)
	return e.text(q.String(), at)
}

// directOf returns how values of the type are written if it has its own representation,
// and nil otherwise.
func directOf(t reflect.Type, p *plan) direct {
	switch {
	case t == reflect.TypeFor[pipelinev1.ParamValue]():
		return paramText
	case p.special != nil:
		return viaTree(p.special)
	case t == reflect.TypeFor[resource.Quantity]():
		return quantity
	case p.marshals != nil || p.marshalsAddr != nil, t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return viaTree(value)
	}
	return nil
}
