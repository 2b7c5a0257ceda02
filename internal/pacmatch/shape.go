package pacmatch

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// shapesText has a line for each type that Pipelines-as-Code decodes payloads into: its
// name, and its fields as name:type, with ? for omitempty. It is written by test/pac.
//
//go:embed shapes.txt
var shapesText string

// A field is a field of a type of payloads.
type field struct {
	name, kind string
	omit       bool // an empty value
}

var shapes = sync.OnceValue(func() map[string][]field {
	out := map[string][]field{}
	for line := range strings.Lines(shapesText) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		fields := make([]field, 0, len(words)-1)
		for _, w := range words[1:] {
			name, kind, _ := strings.Cut(w, ":")
			kind, omit := strings.CutSuffix(kind, "?")
			fields = append(fields, field{name, kind, omit})
		}
		out[words[0]] = fields
	}
	return out
})

// reshape returns a payload as it is after Pipelines-as-Code has decoded it into a struct
// and encoded it again. Fields that the struct does not have are gone, and others have
// their zero value.
func reshape(shape string, payload []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, refuse("the payload is not valid JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse("the payload is not valid JSON: something follows it")
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, refuse("the payload is not a JSON object")
	}
	out, err := reshaped("@"+shape, v)
	if err != nil {
		return nil, refuse("the payload does not have the form of the event: %v", err)
	}
	return out.(map[string]any), nil
}

// reshaped returns a value as encoding/json decodes and encodes a value of a type. The
// value nil is null, or that there is none.
func reshaped(kind string, v any) (any, error) {
	switch kind[0] {
	case '*':
		if v == nil {
			return nil, nil
		}
		return reshaped(kind[1:], v)
	case '[':
		return reshapedList(kind[1:], v)
	case '{':
		return reshapedMap(kind[1:], v)
	case '@':
		return reshapedStruct(kind[1:], v)
	}
	return reshapedScalar(kind, v)
}

func reshapedList(elem string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	l, ok := v.([]any)
	if !ok {
		return nil, errors.New("a list is expected")
	}
	out := make([]any, len(l))
	for i, x := range l {
		var err error
		if out[i], err = reshaped(elem, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func reshapedMap(elem string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("an object is expected")
	}
	out := make(map[string]any, len(m))
	for k, x := range m {
		var err error
		if out[k], err = reshaped(elem, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func reshapedStruct(name string, v any) (any, error) {
	m, ok := v.(map[string]any)
	if v != nil && !ok {
		return nil, errors.New("an object is expected")
	}
	out := map[string]any{}
	for _, f := range shapes()[name] {
		x, err := reshaped(f.kind, member(m, f.name))
		if err != nil {
			return nil, errors.New(f.name + ": " + err.Error())
		}
		if isPointer := f.kind[0] == '*'; !f.omit || isPointer && x != nil || !isPointer && !isEmpty(x) {
			out[f.name] = x
		}
	}
	if name == "gitea.User" { // it also has the name of older versions
		if out["login"] == "" {
			if s, ok := member(m, "username").(string); ok {
				out["login"] = s
			}
		}
		out["username"] = out["login"]
	}
	return out, nil
}

// member returns the value of a field, whose name may be in upper or lower case.
func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	found := ""
	for k := range m {
		if strings.EqualFold(k, name) && (found == "" || k < found) {
			found = k
		}
	}
	if found == "" {
		return nil
	}
	return m[found]
}

// isEmpty reports whether omitempty omits a value.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case float64:
		return v == 0
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

func reshapedScalar(kind string, v any) (any, error) {
	switch kind {
	case "any":
		return plain(v), nil
	case "string":
		return scalar(v, "", "a string is expected")
	case "bool":
		return scalar(v, false, "true or false is expected")
	case "lax":
		if s, ok := v.(string); ok {
			b, err := strconv.ParseBool(s)
			return b, err
		}
		return scalar(v, false, "true or false is expected")
	case "int", "int32", "int64":
		n, ok := v.(json.Number)
		if v == nil {
			return float64(0), nil
		}
		i, err := strconv.ParseInt(string(n), 10, 64)
		if !ok || err != nil {
			return nil, errors.New("an integer is expected")
		}
		return float64(i), nil
	}
	return reshapedTime(kind, v)
}

// scalar returns a value of the type of zero.
func scalar[T any](v any, zero T, expected string) (any, error) {
	if v == nil {
		return zero, nil
	}
	if x, ok := v.(T); ok {
		return x, nil
	}
	return nil, errors.New(expected)
}

func reshapedTime(kind string, v any) (any, error) {
	var t time.Time
	switch x := v.(type) {
	case nil:
	case json.Number:
		i, err := strconv.ParseInt(string(x), 10, 64)
		if kind != "stamp" || err != nil {
			return nil, errors.New("a time is expected")
		}
		if t = time.Unix(i, 0).UTC(); t.Year() > 3000 {
			t = time.Unix(0, i*1e6).UTC()
		}
	case string:
		var err error
		if t, err = time.Parse(time.RFC3339, x); err != nil && kind == "date" {
			t, err = time.Parse(time.DateOnly, x)
		}
		if err != nil {
			return nil, errors.New("a time is expected")
		}
	default:
		return nil, errors.New("a time is expected")
	}
	if kind == "date" {
		return t.Format(time.DateOnly), nil
	}
	return t.Format(time.RFC3339Nano), nil
}

// plain returns a value with its numbers as float64.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()
		return f
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	}
	return v
}
