package proof

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// differ adds the differences that a part of two objects has.
func (c *comparer) differ(want, got *entry, d same.Difference) {
	if inner := d.Inner(c.Exact); len(inner) > 0 {
		for _, in := range inner {
			c.differ(want, got, in)
		}
		return
	}
	if d.A.IsValid() && d.B.IsValid() && d.A.Kind() == reflect.Map && d.B.Kind() == reflect.Map {
		for _, k := range keysOf(d.A, d.B) {
			x, y := d.A.MapIndex(k), d.B.MapIndex(k)
			if x.IsValid() != y.IsValid() {
				c.add(want, got, append(slices.Clip(d.Path), same.Step{Key: k.String()}), x, y)
			}
		}
		return
	}
	if c.items(want, got, d) {
		return
	}
	c.add(want, got, d.Path, d.A, d.B)
}

// items adds the items of two lists that only one of them has, if the items have names. It
// returns false if there are none.
func (c *comparer) items(want, got *entry, d same.Difference) bool {
	a, b := named(d.A), named(d.B)
	found := false
	for i, name := range a {
		if !slices.Contains(b, name) {
			found = true
			c.add(want, got, append(slices.Clip(d.Path), same.Step{A: i, B: i, Name: name}), d.A.Index(i), reflect.Value{})
		}
	}
	for i, name := range b {
		if !slices.Contains(a, name) {
			found = true
			c.add(want, got, append(slices.Clip(d.Path), same.Step{A: i, B: i, Name: name}), reflect.Value{}, d.B.Index(i))
		}
	}
	return found
}

// named returns the names of the items of a list of structs.
func named(v reflect.Value) []string {
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	f, ok := v.Type().Elem().FieldByName("Name")
	if !ok || f.Type.Kind() != reflect.String {
		return nil
	}
	out := make([]string, v.Len())
	for i := range out {
		out[i] = v.Index(i).FieldByIndex(f.Index).String()
	}
	return out
}

// keysOf returns the keys of two maps, sorted.
func keysOf(a, b reflect.Value) []reflect.Value {
	all := map[string]reflect.Value{}
	for _, k := range slices.Concat(a.MapKeys(), b.MapKeys()) {
		all[k.String()] = k
	}
	var out []reflect.Value
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[name])
	}
	return out
}

func (c *comparer) add(want, got *entry, steps []same.Step, a, b reflect.Value) {
	path, other := paths(steps)
	d := Difference{Object: want.Ref(), Path: path, Original: want.At(path), Described: got.At(other)}
	if len(steps) == 0 { // objects of other types, or not of any
		d.Want, d.Got = want.Object.GetObjectKind().GroupVersionKind().GroupVersion().String(), got.Object.GetObjectKind().GroupVersionKind().GroupVersion().String()
		d.Path = diag.Fields("apiVersion")
		c.found = append(c.found, d)
		return
	}
	x, xIsText := c.text(a)
	y, yIsText := c.text(b)
	if strings.Contains(x, "\n") || strings.Contains(y, "\n") {
		d.Diff = diff.Unified("original", "Go", x, y)
	}
	d.Want, d.Got = shown(a, x, xIsText), shown(b, y, yIsText)
	c.found = append(c.found, d)
}

// paths returns the path of a part in the original, and in the Go.
func paths(steps []same.Step) (a, b diag.Path) {
	for _, s := range steps {
		switch {
		case s.JSON != "":
			a, b = a.Field(s.JSON), b.Field(s.JSON)
		case s.Field != "": // an embedded struct
		case s.Key != "":
			a, b = a.Key(s.Key), b.Key(s.Key)
		default:
			a, b = a.Index(s.A), b.Index(s.B)
		}
	}
	return a, b
}

// text returns a string as it is, and other values as JSON. It reports whether the value is a
// string.
func (c *comparer) text(v reflect.Value) (out string, isText bool) {
	if !v.IsValid() {
		return "", false
	}
	raw, err := json.Marshal(v.Interface())
	switch {
	case v.Kind() == reflect.String:
		out, isText = v.String(), true
	case err != nil:
		out = fmt.Sprint(v.Interface())
	case json.Unmarshal(raw, &out) == nil && string(raw) != "null": // such as the value of a param
		isText = true
	default:
		out = string(raw)
	}
	if c.Hide != nil {
		out = c.Hide(out)
	}
	return out, isText
}

// most is the number of characters of a value that are shown in a line.
const most = 300

// shown returns a value as one line, and "" for an absent value.
func shown(v reflect.Value, text string, isText bool) string {
	if !v.IsValid() || !isText && absent(v) {
		return ""
	}
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	if isText {
		return strconv.Quote(text)
	}
	return printable.Value(text)
}

// absent reports whether a value is written as nothing.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return false
}

// String returns the difference as text of several lines, with both places.
func (d Difference) String() string {
	var b strings.Builder
	p := func(format string, args ...any) { _ = printable.Fprintf(&b, format, args...) }
	// at writes a line with a place, if it is known, and a value, if there is one.
	at := func(label string, place diag.Position, value string) {
		switch {
		case place.IsValid() && value != "":
			p("\n\t%s%s: %s", label, place.Start().Short(), value)
		case place.IsValid():
			p("\n\t%s%s", label, place.Start().Short())
		case value != "":
			p("\n\t%s%s", label, value)
		}
	}
	object := d.Object.String()
	switch d.Kind {
	case Missing:
		p("%s is missing in the Go", object)
		at("original: ", d.Original, "")
	case Added:
		p("%s has no original", object)
		at("Go: ", d.Described, "")
	case Twice:
		p("%s has two originals that differ, and a set can have one of them", object)
		at("original: ", d.Described, "")
		at("original: ", d.Original, "")
	case Differs:
		p("%s: %s differs", object, d.Path.String())
		if d.Diff == "" {
			at("original: ", d.Original, orAbsent(d.Want))
			at("Go:       ", d.Described, orAbsent(d.Got))
		} else {
			at("original: ", d.Original, "")
			at("Go:       ", d.Described, "")
			b.WriteString("\n\t" + strings.ReplaceAll(printable.Lines(strings.TrimSuffix(d.Diff, "\n"), ""), "\n", "\n\t"))
		}
	}
	return b.String()
}

func orAbsent(value string) string {
	if value == "" {
		return "absent"
	}
	return value
}
