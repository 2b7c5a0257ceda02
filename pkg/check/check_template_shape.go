package check

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/tekref"
)

// shapeOf is the struct of a kind; nil if it is not known.
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

// value checks a value of an object that a template creates against its type,
// nil if that is not known, and the texts in it. It returns the value without
// what cannot be read before an event fills it in.
func (b *templateBody) value(v any, t reflect.Type, s spot) any {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && (t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(unmarshaler)) {
		if text, ok := v.(string); ok && tekref.Contains(text) && !freeText(t) {
			b.templateText(s, text)
			return standIn(t, s.path)
		}
		if data, err := json.Marshal(v); err == nil && t.Kind() != reflect.Interface && json.Unmarshal(data, reflect.New(t).Interface()) != nil {
			return b.unreadable(v, t, s)
		}
		t = nil
	}
	switch v := v.(type) {
	case map[string]any:
		if t != nil && t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
			return b.misfit(v, t, s)
		}
		return b.object(v, t, s)
	case []any:
		if t != nil && t.Kind() != reflect.Slice {
			return b.misfit(v, t, s)
		}
		var item reflect.Type
		if t != nil {
			item = t.Elem()
		}
		out := make([]any, 0, len(v))
		for i, x := range v {
			out = append(out, b.value(x, item, in(s.entry, at(s.path, i))))
		}
		return out
	case string:
		b.templateText(s, v)
		if t != nil && t.Kind() != reflect.String && !(t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8) {
			return b.misfit(v, t, s)
		}
		if strings.Contains(s.path, ".metadata.labels[") || strings.Contains(s.path, ".metadata.annotations[") {
			return filledIn(v)
		}
		return v
	case bool, int64, float64:
		if t != nil && !fits(v, t) {
			return b.misfit(v, t, s)
		}
	}
	return v
}

// standIn is a value for an amount or a duration that an event fills in, which
// no rule minds; nil where none is needed.
func standIn(t reflect.Type, path string) any {
	switch {
	case t.Name() == "Quantity" && strings.HasSuffix(path, `["storage"]`):
		return "1Gi"
	case t.Name() == "Quantity" && strings.Contains(path, ".limits["):
		return "1E"
	case t.Name() == "Quantity":
		return "1n"
	case t.Name() == "Duration" && strings.HasSuffix(path, ".timeouts.pipeline"):
		return "0s"
	}
	return nil
}

// freeText reports whether a type reads any text.
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

// misfit reports a value of another type than its field, and takes it out.
func (b *templateBody) misfit(v any, t reflect.Type, s spot) any {
	noun := typeNoun(t)
	text, isText := v.(string)
	switch {
	case isText && tekref.Contains(text):
		b.fail(s, "field-type", text, "this field is "+noun+", and what an event fills in is always a string: nothing is created", "write the value out")
	case isText:
		b.fail(s, "field-type", text, "this field is "+noun+", not a string: nothing is created", "write it without quotes")
	case t.Kind() == reflect.String:
		b.fail(s, "field-type", "", "this field is a string, not "+valueNoun(v)+": nothing is created", "write it in quotes")
	default:
		b.fail(s, "field-type", "", "this field is "+noun+", not "+valueNoun(v)+": nothing is created", "write "+noun)
	}
	return nil
}

// unreadable reports a value that has a type with a grammar of its own, and is
// none, and takes it out.
func (b *templateBody) unreadable(v any, t reflect.Type, s spot) any {
	noun, help := "a "+strings.ToLower(t.Name()), "correct it"
	switch t.Name() {
	case "Quantity":
		noun, help = "an amount", "write a number, with a suffix if need be: 500m, 1Gi"
	case "Duration":
		noun, help = "a duration", "write a number with a unit: 30s, 1h30m"
	}
	text, isText := v.(string)
	is := q(text)
	if !isText {
		is = valueNoun(v)
	}
	b.fail(s, "field-type", text, "this field is "+noun+", not "+is+": nothing is created", help)
	return standIn(t, s.path)
}

func typeNoun(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a map"
	case reflect.String:
		return "a string"
	}
	return "a number"
}

func valueNoun(v any) string {
	switch v.(type) {
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	case string:
		return "a string"
	}
	return "a number"
}

// object checks the fields of a map. Keys count with their case, as in the API
// server.
func (b *templateBody) object(m map[string]any, t reflect.Type, s spot) map[string]any {
	out := make(map[string]any, len(m))
	var fields map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		fields = fieldsOf(t)
	}
	for _, k := range sortedKeys(m) {
		at, item := s.field(k), reflect.Type(nil)
		switch {
		case t == nil:
			if holder := s.path[strings.LastIndexByte(s.path, '.')+1:]; freeKeys[holder] || !isIdentifier(k) {
				at = in(s.entry, key(s.path, k))
			}
		case fields != nil:
			f, ok := fields[k]
			if !ok && k == "status" && len(s.path) == len(b.spot.path) {
				continue
			}
			if !ok {
				help := suggest(k, sortedKeys(fields), "drop it")
				if to := moved[k]; to != "" && fields[strings.Split(to, ".")[0]] != nil {
					help = "write " + to
				}
				b.fail(at.of(k), "field-unknown", k, "there is no field "+q(k)+" here", help)
				if near := nearest(k, sortedKeys(fields)); near != "" && m[near] == nil { // as it was meant, lest it is missed as well
					out[near] = b.value(m[k], fields[near], at)
				}
				continue
			}
			item = f
		default:
			at, item = in(s.entry, key(s.path, k)), t.Elem()
		}
		if v := b.value(m[k], item, at); v != nil {
			out[k] = v
		}
	}
	return out
}

// moved are fields of v1beta1 that v1 has elsewhere.
var moved = map[string]string{
	"serviceAccountName": "taskRunTemplate.serviceAccountName", "podTemplate": "taskRunTemplate.podTemplate", "timeout": "timeouts.pipeline",
	"resources": "computeResources", "stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs",
	"taskServiceAccountName": "serviceAccountName", "taskPodTemplate": "podTemplate", "bundle": "resolver: bundles",
}

// freeKeys are the fields whose keys are the user's own, in kinds that are not
// known.
var freeKeys = map[string]bool{
	"labels": true, "annotations": true, "data": true, "stringData": true, "nodeSelector": true, "matchLabels": true, "limits": true, "requests": true,
}

func isIdentifier(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !tekref.IsNameRune(r) || r == '.' }) < 0
}

// fieldsOf are the fields of a struct, by their names in JSON.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := make(map[string]reflect.Type, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
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
				for n, t := range fieldsOf(embedded) {
					out[n] = t
				}
			}
		}
	}
	return out
}

// filledIn is a text with a letter for each part that an event fills in.
func filledIn(s string) string {
	return tekref.Replace(s, func(match) string { return "x" })
}
