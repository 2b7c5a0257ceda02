package kustomize

import (
	"encoding/json"
	"reflect"
	"slices"
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Comparison compares a rendered object with the one that it was made of. It is safe for
// concurrent use.
type Comparison struct {
	object Object
	source func() any // nil for a generated object

	once      sync.Once
	is, was   any // both as trees of JSON
	different bool
	changes   []*change // those that may have been made to the object
}

// Compare returns the comparison of a rendered object with the one that it was made of,
// which encoding/json can encode. The function is called once, if it is needed. It is nil
// for a generated object.
func Compare(o Object, source func() any) *Comparison {
	return &Comparison{object: o, source: source}
}

func (c *Comparison) know() {
	c.once.Do(func() {
		_ = json.Unmarshal(c.object.JSON, &c.is) // kustomize has written it
		if c.source != nil {
			if text, err := json.Marshal(c.source()); err == nil {
				_ = json.Unmarshal(text, &c.was)
			}
		}
		c.different = !equal(c.is, c.was)
		if c.different {
			c.changes = c.object.history.of(c)
		}
	})
}

// IsDifferent reports whether the object differs from the one that it was made of.
func (c *Comparison) IsDifferent() bool {
	c.know()
	return c.different
}

// Origin returns the path of a value in the object that this one was made of, or of the
// nearest value that contains it. Items of lists are the same if their names are, or else
// all of them.
func (c *Comparison) Origin(at diag.Path) diag.Path {
	segments := at.Segments()
	if !slices.ContainsFunc(segments, func(s diag.Segment) bool { return s.Kind == diag.IndexSegment }) {
		return at
	}
	c.know()
	var out diag.Path
	is, was := c.is, c.was
	for _, s := range segments {
		switch s.Kind {
		case diag.IndexSegment:
			now, _ := is.([]any)
			then, _ := was.([]any)
			if s.Index < 0 || s.Index >= len(now) {
				return out
			}
			is = now[s.Index]
			i := matching(then, now[:s.Index], is)
			if i < 0 {
				return out
			}
			was, s.Index = then[i], i
		default:
			is, was = get(is, s.Name), get(was, s.Name)
		}
		out = out.Append(s)
	}
	return out
}

func get(v any, name string) any {
	m, _ := v.(map[string]any)
	return m[name]
}

// textAt returns a text in a map; "" if there is none.
func textAt(v any, name string) string {
	text, _ := get(v, name).(string)
	return text
}

// matching returns the index of the item of a list that became an item; -1 if there is
// none. If several items have its name, their order tells them apart.
func matching(then, before []any, is any) int {
	nth := 0
	for _, v := range before {
		if same(v, is) {
			nth++
		}
	}
	found := -1
	for i, v := range then {
		if !same(v, is) {
			continue
		}
		if found = i; nth == 0 {
			break
		}
		nth--
	}
	return found
}

// same reports whether two items of a list are the same one.
func same(a, b any) bool {
	if name := get(a, "name"); name != nil || get(b, "name") != nil {
		return name == get(b, "name")
	}
	return equal(a, b)
}

// equal reports whether two trees are equal, apart from empty values, which structs may add.
func equal(a, b any) bool { return reflect.DeepEqual(compact(a), compact(b)) }

// compact returns a tree without empty values.
func compact(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if value = compact(value); value != nil {
				out[key] = value
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = compact(v[i])
		}
		return out
	case string:
		if v == "" {
			return nil
		}
	}
	return v
}
