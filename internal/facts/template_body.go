package facts

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func newBody(t *Template, s Spot, raw []byte) *Body {
	b := &Body{Template: t, Spot: s}
	content, ok := bodyContent(raw)
	if !ok {
		return b
	}
	b.Content = content
	apiVersion, _ := content["apiVersion"].(string)
	b.Kind, _ = content["kind"].(string)
	if apiVersion == "" || b.Kind == "" {
		return b
	}
	b.Content, _ = b.value(content, shapeOf(apiVersion, b.Kind), s).(map[string]any)
	e := newEntry(s.Entry.set, object.Object{Object: &unstructured.Unstructured{Object: b.Content}})
	e.Within, e.Prefix, e.body = s.Entry, s.Path, b
	if e.Ref.Namespace == "" || tekref.Contains(e.Ref.Namespace) {
		e.Ref.Namespace = s.Entry.Ref.Namespace
	}
	if tekref.Contains(e.Ref.Name) {
		e.Ref.Name = ""
	}
	b.Entry = e
	return b
}

// bodyContent reads an object of a template.
func bodyContent(raw []byte) (map[string]any, bool) {
	var content map[string]any
	return content, json.Valid(raw) && utiljson.Unmarshal(raw, &content) == nil && content != nil
}

// shapeOf returns the struct of a kind; nil if it is not known.
func shapeOf(apiVersion, kind string) reflect.Type {
	if apiVersion == "tekton.dev/v1beta1" {
		switch kind {
		case "PipelineRun":
			return reflect.TypeFor[v1beta1.PipelineRun]()
		case "TaskRun":
			return reflect.TypeFor[v1beta1.TaskRun]()
		case "Pipeline":
			return reflect.TypeFor[v1beta1.Pipeline]()
		case "Task":
			return reflect.TypeFor[v1beta1.Task]()
		}
	}
	if o := kinds.New(apiVersion, kind); o != nil {
		return reflect.TypeOf(o).Elem()
	}
	return nil
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// value checks a value of the object against its type, which is nil if it is not
// known, and finds the variables in it. It returns the value without the parts that
// cannot be read before an event sets them.
func (b *Body) value(v any, t reflect.Type, s Spot) any {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && (t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(unmarshaler)) {
		if text, ok := v.(string); ok && tekref.Contains(text) && !freeText(t) {
			b.text(s, text)
			return standIn(t, s.Path)
		}
		if data, err := json.Marshal(v); err == nil && t.Kind() != reflect.Interface && json.Unmarshal(data, reflect.New(t).Interface()) != nil {
			b.Misfits = append(b.Misfits, Misfit{s, v, t, true})
			return standIn(t, s.Path)
		}
		t = nil
	}
	misfit := func() any {
		b.Misfits = append(b.Misfits, Misfit{s, v, t, false})
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		if t != nil && t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
			return misfit()
		}
		return b.object(v, t, s)
	case []any:
		if t != nil && t.Kind() != reflect.Slice {
			return misfit()
		}
		var item reflect.Type
		if t != nil {
			item = t.Elem()
		}
		out := make([]any, 0, len(v))
		for i, x := range v {
			out = append(out, b.value(x, item, s.Item(i)))
		}
		return out
	case string:
		b.text(s, v)
		if t != nil && t.Kind() != reflect.String && !(t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8) {
			return misfit()
		}
		if b.inMetadata(s) {
			return filledIn(v)
		}
		return v
	case bool, int64, float64:
		if t != nil && !fits(v, t) {
			return misfit()
		}
	}
	return v
}

// inMetadata reports whether a place is a label or an annotation, of the object or
// of an object inside it.
func (b *Body) inMetadata(s Spot) bool {
	if s.Path.Last().Kind != diag.KeySegment {
		return false
	}
	list := s.Path.Parent()
	of := list.Parent()
	return (list.Last().Name == "labels" || list.Last().Name == "annotations") && of.Last() == (diag.Segment{Name: "metadata"})
}

// text finds the variables in a text of the object.
func (b *Body) text(s Spot, value string) {
	if tekref.MayBeForeign(value) {
		b.foreignTexts = append(b.foreignTexts, Text{Spot: s, Value: value})
	}
	if !tekref.Contains(value) {
		return
	}
	tx := &Text{Spot: s, Value: value}
	for m := range tekref.Scan(value) {
		b.Uses = append(b.Uses, Use{Match: m, Var: tekref.Parse(m.Expr), Text: tx, Spot: s.Of(value[m.Start:m.End])})
	}
}

// standIn returns a placeholder for a quantity or a duration that an event sets,
// which no rule reports; nil if none is needed.
func standIn(t reflect.Type, path diag.Path) any {
	last, parent := path.Last(), path.Parent().Last()
	switch {
	case t.Name() == "Quantity" && last == (diag.Segment{Name: "storage", Kind: diag.KeySegment}):
		return "1Gi"
	case t.Name() == "Quantity" && last.Kind == diag.KeySegment && parent.Name == "limits":
		return "1E"
	case t.Name() == "Quantity":
		return "1n"
	case t.Name() == "Duration" && last.Name == "pipeline" && parent.Name == "timeouts":
		return "0s"
	}
	return nil
}

// freeText reports whether a type accepts any text.
func freeText(t reflect.Type) bool {
	switch t.Name() {
	case "ParamValue", "ArrayOrString", "RawExtension", "JSON", "IntOrString":
		return true
	}
	return t.Kind() == reflect.Interface
}

func fits(v any, t reflect.Type) bool {
	switch v.(type) {
	case bool:
		return t.Kind() == reflect.Bool
	case int64:
		return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
	}
	return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64
}

// object checks the fields of a map against a type. Keys are case-sensitive, as in
// the API server.
func (b *Body) object(m map[string]any, t reflect.Type, s Spot) map[string]any {
	out := make(map[string]any, len(m))
	var fields map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		fields = fieldsOf(t)
	}
	for _, k := range sortedKeys(m) {
		written := k
		at, item := s.Field(k), reflect.Type(nil)
		if k == "" {
			at = s.Key(k) // it is not the name of a field
		}
		switch {
		case t == nil:
			if holder := s.Path.Last(); holder.Kind == diag.FieldSegment && freeKeys[holder.Name] || !IsIdentifier(k) {
				at = s.Key(k)
			}
		case fields != nil:
			f, ok := fields[k]
			if !ok && k == "status" && s.Path.Equal(b.Spot.Path) {
				continue
			}
			exact := ""
			if !ok && b.opaque {
				exact = folded(sortedKeys(fields), k)
			}
			if !ok && exact != "" {
				_, set := m[exact]
				x := Stray{Spot: at.Of(k), Name: k, Exact: exact}
				if !set {
					x.Meant = exact
				}
				b.Strays = append(b.Strays, x)
				if set {
					continue
				}
				k, f = exact, fields[exact]
			} else if !ok {
				known := sortedKeys(fields)
				x := Stray{Spot: at.Of(k), Name: k, Known: known, Help: shape.BindingHelp(t, k)}
				if near := suggest.Name(k, known); near != "" && m[near] == nil { // use the intended field, so that it is not reported as missing too
					x.Meant = near
					out[near] = b.value(m[k], fields[near], at)
				}
				b.Strays = append(b.Strays, x)
				continue
			}
			item = f
		default:
			at, item = s.Key(k), t.Elem()
		}
		outside := b.opaque
		b.opaque = b.opaque || t != nil && shape.IsOpaque(t, k)
		if v := b.value(m[written], item, at); v != nil {
			out[k] = v
		}
		b.opaque = outside
	}
	return out
}

// freeKeys are the fields with user-defined keys, in kinds that are not known.
var freeKeys = map[string]bool{
	"labels": true, "annotations": true, "data": true, "stringData": true, "nodeSelector": true, "matchLabels": true, "limits": true, "requests": true,
}

// IsIdentifier reports whether a text can be the name of a field.
func IsIdentifier(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !tekref.IsNameRune(r) || r == '.' }) < 0
}

// fieldsOf returns the fields of a struct by their JSON names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name != "":
			out[name] = f.Type
		case f.Anonymous:
			embedded := f.Type
			for embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			if embedded.Kind() == reflect.Struct {
				maps.Copy(out, fieldsOf(embedded))
			}
		}
	}
	return out
}

// filledIn returns a text with a letter for each part that an event sets.
func filledIn(s string) string {
	return tekref.Replace(s, func(tekref.Match) string { return "x" })
}
