package facts

import (
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Text is a string of an object that contains "$(".
type Text struct {
	// Spot is its place: spec.steps[0].env[1].value.
	Spot Spot
	// Field is the same from the spec on, without indexes and keys: steps.env.value.
	Field string
	// Value is the string.
	Value string
	// Item reports whether it is an item of a list of strings.
	Item bool
	// Whole reports whether it is a whole param value, which a variable may turn into
	// an array or an object.
	Whole bool
}

// Prose reports whether the text is for people.
func (t *Text) Prose() bool {
	return t.Field == "description" || t.Field == "displayName" ||
		strings.HasSuffix(t.Field, ".description") || strings.HasSuffix(t.Field, ".displayName")
}

// TextsIn returns every string below v that contains "$(", in the order of the
// fields. The place of v is s. Embedded specs of Tasks and Pipelines are left out,
// since they have scopes of their own.
func TextsIn(v any, s Spot) []Text {
	value := reflect.ValueOf(v)
	if !value.IsValid() {
		return nil
	}
	return scan(value, s).texts
}

// scan returns what a walk through a value finds. The place of the value is s.
func scan(value reflect.Value, s Spot) found {
	w := walker{entry: s.Entry, base: s.Path}
	w.walk(shape.Of(value.Type()), value)
	return w.found
}

// found is what one walk through a value finds.
type found struct {
	texts   []Text    // with "$("
	foreign []Text    // that may have variables in the notation of another language
	words   []BadWord // that Kubernetes does not know
}

// scopes are the types without variables, or with a scope of their own.
var scopes = map[reflect.Type]bool{
	reflect.TypeFor[metav1.TypeMeta]():   true,
	reflect.TypeFor[runtime.TypeMeta]():  true,
	reflect.TypeFor[metav1.ObjectMeta](): true,
	reflect.TypeFor[v1.TaskSpec]():       true,
	reflect.TypeFor[v1.EmbeddedTask]():   true,
	reflect.TypeFor[v1.PipelineSpec]():   true,
}

// walker walks through a value. Most values contain no variables, so paths are built
// from the segments only if one is found.
type walker struct {
	entry    *Entry
	base     diag.Path
	segments []diag.Segment
	paths    []diag.Path // of the first segments, as far as they have been built
	field    []byte
	found
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

func (w *walker) walk(t *shape.Type, v reflect.Value) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	depth := len(w.segments)
	switch t.Class {
	case shape.Text:
		w.text(v.String(), false, false)
		if t.Go != stringType {
			w.word(t.Go, v.String())
		}
	case shape.Param:
		w.param(v)
	case shape.List:
		for i := range v.Len() {
			w.push(diag.Segment{Index: i, Kind: diag.IndexSegment})
			if item := v.Index(i); item.Kind() == reflect.String {
				w.text(item.String(), true, false)
			} else {
				w.walk(t.Elem(), item)
			}
			w.pop(depth)
		}
	case shape.Map:
		if v.Len() == 0 {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			w.push(diag.Segment{Name: k.String(), Kind: diag.KeySegment})
			w.walk(t.Elem(), v.MapIndex(k))
			w.pop(depth)
		}
	case shape.Struct:
		w.fields(t, v)
	}
}

// fields walks the fields of a struct that can contain variables.
func (w *walker) fields(t *shape.Type, v reflect.Value) {
	depth, before := len(w.segments), len(w.field)
	fields := t.Fields()
	for i := range fields {
		f := &fields[i]
		field, ok := f.In(v)
		if !ok || field.IsZero() || scopes[f.Type().Go] {
			continue
		}
		w.push(diag.Segment{Name: f.Name})
		if before > 0 {
			w.field = append(w.field, '.')
		}
		w.field = append(w.field, f.Name...)
		w.walk(f.Type(), field)
		w.pop(depth)
		w.field = w.field[:before]
	}
}

// param walks a value that is a string, an array or an object.
func (w *walker) param(v reflect.Value) {
	var value *v1.ParamValue
	if v.CanAddr() {
		value, _ = reflect.TypeAssert[*v1.ParamValue](v.Addr())
	}
	if value == nil {
		copied, ok := reflect.TypeAssert[v1.ParamValue](v)
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
	at := func() Text { return Text{Spot{Entry: w.entry, Path: w.path()}, string(w.field), s, item, whole} }
	if tekref.Contains(s) {
		w.texts = append(w.texts, at())
	}
	if tekref.MayBeForeign(s) {
		w.foreign = append(w.foreign, at())
	}
}
