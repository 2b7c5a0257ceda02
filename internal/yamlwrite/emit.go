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

// Append appends the YAML document of an object: what Of and AppendYAML make of
// it, without the tree in between. After an error b is as it was.
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
	s, err := e.value(reflect.ValueOf(object), spot{root: true}, 0)
	if err != nil {
		return b, err
	}
	if s.empty && (s.kind == Map || s.kind == List) || len(e.b) == start {
		e.b = append(e.flow(s), '\n')
	}
	return e.b, nil
}

// emitter writes values of upstream structs as they are walked.
type emitter struct {
	b []byte
}

// spot is where a value is written: after the colon of a key in that column,
// after the dash of an item in that column, or at the very beginning.
type spot struct {
	column int
	dash   bool
	root   bool
	block  bool // a text stands as a literal block even if it is one line
}

// column in which the keys of a map, or the dashes of a list, stand at s.
func (s spot) inner() int {
	if s.root {
		return 0
	}
	return s.column + indent
}

// open begins a map or a list at s.
func (e *emitter) open(s spot) {
	if !s.dash && !s.root {
		e.b = append(e.b, '\n')
	}
}

// said is what was written: the kind of the value, and whether it is empty.
// Maps and lists that are empty, and null, are not written at all: whoever
// asked decides whether they say something.
type said struct {
	kind  Kind
	empty bool
}

// flow writes what value left out.
func (e *emitter) flow(s said) []byte {
	switch s.kind {
	case List:
		return append(e.b, "[]"...)
	case Map:
		return append(e.b, "{}"...)
	}
	return append(e.b, "null"...)
}

var null = said{kind: Null, empty: true}

// value writes v and its line break.
func (e *emitter) value(v reflect.Value, at spot, depth int) (said, error) {
	if depth > maxDepth {
		return null, errSelf
	}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return null, nil
		}
		if v.Type() == reflect.TypeFor[*unstructured.Unstructured]() {
			return e.generic(v.Interface(), at, depth)
		}
		v = v.Elem()
		if depth++; depth > maxDepth {
			return null, errSelf
		}
	}
	if !v.IsValid() {
		return null, nil
	}
	p := planOf(v.Type())
	if p.direct != nil {
		return p.direct(e, v, at, depth)
	}
	switch v.Kind() {
	case reflect.Bool:
		return e.scalar(Bool, strconv.AppendBool(e.to(at), v.Bool())), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.scalar(Number, strconv.AppendInt(e.to(at), v.Int(), 10)), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return e.scalar(Number, strconv.AppendUint(e.to(at), v.Uint(), 10)), nil
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

// to begins a value that fits into the line.
func (e *emitter) to(at spot) []byte {
	if at.dash || at.root {
		return e.b
	}
	return append(e.b, ' ')
}

// scalar takes what was appended to the line, and ends it.
func (e *emitter) scalar(kind Kind, b []byte) said {
	e.b = append(b, '\n')
	return said{kind: kind}
}

var errUTF8 = errors.New("the text is not valid UTF-8; put bytes into a Secret or into binaryData of a ConfigMap")

func (e *emitter) text(s string, at spot) (said, error) {
	if !at.block && simple(s) {
		return e.scalar(String, append(e.to(at), s...)), nil
	}
	if !utf8.ValidString(s) {
		return null, errUTF8
	}
	if !at.root && (at.block || strings.IndexByte(s, '\n') >= 0) && blockable(s) {
		e.b = appendLiteral(e.to(at), s, at.inner())
		return said{kind: String}, nil
	}
	e.scalar(String, appendQuoted(e.to(at), s))
	return said{kind: String, empty: s == ""}, nil
}

// node writes a tree.
func (e *emitter) node(n *Node, at spot) said {
	s := said{kind: n.Kind, empty: n.Kind == Null || (n.Kind == Map || n.Kind == List) && n.empty() || n.Kind == String && n.Text == ""}
	switch {
	case n.Kind != String && s.empty:
	case n.Kind == Map:
		e.open(at)
		e.b = n.appendMap(e.b, at.inner(), at.dash)
	case n.Kind == List:
		e.open(at)
		e.b = n.appendList(e.b, at.inner(), at.dash)
	case n.literal() || at.block && n.Kind == String && blockable(n.Text):
		e.b = appendLiteral(e.to(at), n.Text, at.inner())
	default:
		e.b = append(n.appendFlow(e.to(at)), '\n')
	}
	return s
}

// generic writes what only a tree can be made of.
func (e *emitter) generic(v any, at spot, depth int) (said, error) {
	n, err := value(reflect.ValueOf(v), depth)
	if err != nil {
		return null, err
	}
	if at.dash {
		n.nameFirst()
	}
	return e.node(&n, at), nil
}

func (e *emitter) list(v reflect.Value, at spot, depth int) (said, error) {
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return null, nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return e.text(base64.StdEncoding.EncodeToString(v.Bytes()), at)
		}
	}
	if v.Len() == 0 {
		return said{List, true}, nil
	}
	e.open(at)
	column := at.inner()
	for i := range v.Len() {
		if err := e.item(v.Index(i), column, at.dash && i == 0, depth); err != nil {
			return null, under(diag.Segment{Index: i, Kind: diag.IndexSegment}, err)
		}
	}
	return said{kind: List}, nil
}

// item writes an item of a list whose dashes stand in the column; inline if
// the first dash goes on in the line.
func (e *emitter) item(v reflect.Value, column int, inline bool, depth int) error {
	e.indent(column, inline)
	e.b = append(e.b, '-', ' ')
	s, err := e.value(v, spot{column: column, dash: true}, depth+1)
	if err == nil && s.empty && s.kind != String {
		e.b = append(e.flow(s), '\n')
	}
	return err
}

func (e *emitter) indent(column int, inline bool) {
	if !inline {
		e.b = spaces(e.b, column)
	}
}

// entry writes a key and what stands below it.
func (e *emitter) entry(k string, v reflect.Value, at spot, first bool, depth int) error {
	column := at.inner()
	e.indent(column, at.dash && first)
	e.key(k, column)
	s, err := e.value(v, spot{column: column}, depth+1)
	if err == nil && s.empty && s.kind != String {
		e.b = append(e.b, ' ')
		e.b = append(e.flow(s), '\n')
	}
	return err
}

// key writes a key that is data, and its colon.
func (e *emitter) key(k string, column int) {
	start := len(e.b)
	e.b = appendQuoted(e.b, k)
	if len(e.b)-start > longKey {
		e.b = slices.Insert(e.b, start, '?', ' ')
		e.b = spaces(append(e.b, '\n'), column)
	}
	e.b = append(e.b, ':')
}

func (e *emitter) freeMap(v reflect.Value, at spot, depth int) (said, error) {
	if v.IsNil() {
		return null, nil
	}
	if v.Type().Key().Kind() != reflect.String {
		return null, fmt.Errorf("a map with keys of type %s cannot be written", v.Type().Key())
	}
	if v.Len() == 0 {
		return said{Map, true}, nil
	}
	e.open(at)
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for i, k := range keys {
		if !utf8.ValidString(k.String()) {
			return null, under(diag.Segment{Name: k.String(), Kind: diag.KeySegment}, errUTF8)
		}
		if err := e.entry(k.String(), v.MapIndex(k), at, i == 0, depth); err != nil {
			return null, under(diag.Segment{Name: k.String(), Kind: diag.KeySegment}, err)
		}
	}
	return said{kind: Map}, nil
}

// fields writes a struct.
func (e *emitter) fields(v reflect.Value, p *plan, at spot, depth int) (said, error) {
	begin := len(e.b)
	e.open(at)
	column, first := at.inner(), true
	order := p.fields
	if at.dash && p.named != nil && (p.kind == nil || p.kindless(v)) {
		order = p.named
	}
	for i := range order {
		f := &order[i]
		fv, ok := f.In(v)
		if !ok || f.omitted(fv) || f.silent(fv) {
			continue
		}
		mark := len(e.b)
		e.indent(column, at.dash && first)
		e.b = append(e.b, f.label...)
		s, err := e.value(fv, spot{column: column, block: f.Name == "script"}, depth+1)
		if err != nil {
			return null, under(diag.Segment{Name: f.Name}, err)
		}
		if f.says(fv, s) {
			if s.empty && s.kind != String {
				e.b = append(e.b, ' ')
				e.b = append(e.flow(s), '\n')
			}
			first = false
			continue
		}
		e.b = e.b[:mark]
	}
	if first {
		e.b = e.b[:begin]
	}
	return said{Map, first}, nil
}

// kindless reports whether the struct will not say a kind.
func (p *plan) kindless(v reflect.Value) bool {
	fv, ok := p.kind.In(v)
	return !ok || p.kind.omitted(fv) || fv.Kind() == reflect.String && fv.Len() == 0
}

// silent tells of a string without text that noise would drop: the common case,
// before anything is written.
func (f *field) silent(v reflect.Value) bool {
	return f.isText && v.Len() == 0 && f.Name != "value"
}

// says reports whether a field says something, as noise does for trees.
func (f *field) says(v reflect.Value, s said) bool {
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

// direct tells how values are written whose types write themselves.
type direct func(e *emitter, v reflect.Value, at spot, depth int) (said, error)

// paramText writes a param's value; a nil array is [], not null.
func paramText(e *emitter, v reflect.Value, at spot, depth int) (said, error) {
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
	return null, err
}

var paramType, paramString, paramArray, paramObject = paramField("Type"), paramField("StringVal"), paramField("ArrayVal"), paramField("ObjectVal")

func paramField(name string) []int {
	f, _ := reflect.TypeFor[pipelinev1.ParamValue]().FieldByName(name)
	return f.Index
}

// viaTree writes what a writer of trees makes of the value.
func viaTree(w writer) direct {
	return func(e *emitter, v reflect.Value, at spot, depth int) (said, error) {
		n, err := w(v, depth)
		if err != nil {
			return null, err
		}
		if at.dash {
			n.nameFirst()
		}
		return e.node(&n, at), nil
	}
}

// quantity writes a resource.Quantity: its JSON is its text.
func quantity(e *emitter, v reflect.Value, at spot, _ int) (said, error) {
	if v.CanAddr() {
		return e.text(v.Addr().Interface().(*resource.Quantity).String(), at)
	}
	q := v.Interface().(resource.Quantity)
	return e.text(q.String(), at)
}

// directOf is how values of the type are written, nil if their fields are.
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
