// Package namedpath writes the paths of values in objects with the names of list items in place
// of their indexes, such as spec.tasks[name=build].params[name=image]. Such a path stays the
// same when an item is added or moved.
package namedpath

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// mark is how the name of an item begins.
const mark = "[name="

// plain matches the names that are written without quotes.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// Tree returns an object as decoded JSON, nil if it cannot be encoded.
func Tree(o any) any {
	text, err := json.Marshal(o)
	var tree any
	if err != nil || json.Unmarshal(text, &tree) != nil {
		return nil
	}
	return tree
}

// Text returns a path in an object, which is decoded JSON. An item of a list is written with its
// name if no other item of the list has the same.
func Text(tree any, path diag.Path) string {
	var b strings.Builder
	at := diag.Path{}
	flush := func() {
		if !at.IsRoot() {
			if s := at.At(0); s.Kind == diag.FieldSegment && b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(at.String())
			at = diag.Path{}
		}
	}
	for _, s := range path.Segments() {
		if s.Kind == diag.IndexSegment {
			list, _ := tree.([]any)
			if name := nameOf(list, s.Index); name != "" {
				flush()
				if !plain.MatchString(name) {
					name = strconv.Quote(name)
				}
				b.WriteString(mark + name + "]")
				tree = list[s.Index]
				continue
			}
		}
		at = at.Append(s)
		tree = child(tree, s)
	}
	flush()
	return b.String()
}

// nameOf returns the name of an item, "" if it has none, or one that another item has as well.
func nameOf(list []any, index int) string {
	name := ""
	if index >= 0 && index < len(list) {
		name = nameIn(list[index])
	}
	if name == "" {
		return ""
	}
	for i, item := range list {
		if i != index && nameIn(item) == name {
			return ""
		}
	}
	return name
}

func nameIn(item any) string {
	m, _ := item.(map[string]any)
	name, _ := m["name"].(string)
	return name
}

func child(tree any, s diag.Segment) any {
	switch t := tree.(type) {
	case map[string]any:
		if s.Kind != diag.IndexSegment {
			return t[s.Name]
		}
	case []any:
		if s.Kind == diag.IndexSegment && s.Index >= 0 && s.Index < len(t) {
			return t[s.Index]
		}
	}
	return nil
}

// Named reports whether a text has the name of an item.
func Named(text string) bool { return strings.Contains(text, mark) }

// Paths returns the paths that a text means in an object, which is decoded JSON. There are none
// if the text is not valid, or if a list has no item of the name, and several if several items of
// a list have it.
func Paths(tree any, text string) []diag.Path {
	type place struct {
		path diag.Path
		tree any
	}
	places := []place{{diag.Path{}, tree}}
	for text != "" {
		part, name, rest, ok := cut(text)
		if !ok {
			return nil
		}
		path, err := diag.ParsePath(strings.TrimPrefix(part, "."))
		if err != nil || strings.HasPrefix(part, ".") && places[0].path.IsRoot() || strings.HasPrefix(part, "..") {
			return nil
		}
		var next []place
		for _, p := range places {
			for _, s := range path.Segments() {
				p.path, p.tree = p.path.Append(s), child(p.tree, s)
			}
			if name == "" {
				next = append(next, p)
				continue
			}
			list, _ := p.tree.([]any)
			for i, item := range list {
				if nameIn(item) == name {
					next = append(next, place{p.path.Index(i), item})
				}
			}
		}
		if places, text = next, rest; len(places) == 0 {
			return nil
		}
	}
	out := make([]diag.Path, len(places))
	for i, p := range places {
		out[i] = p.path
	}
	return out
}

// cut returns what is before the first name of an item, the name, and what follows. The name is
// "" if there is none.
func cut(text string) (part, name, rest string, ok bool) {
	for i := 0; i < len(text); i++ {
		if text[i] != '[' {
			continue
		}
		if after, ok := strings.CutPrefix(text[i:], mark); ok {
			if quoted, err := strconv.QuotedPrefix(after); err == nil {
				name, err := strconv.Unquote(quoted)
				rest, closed := strings.CutPrefix(after[len(quoted):], "]")
				return text[:i], name, rest, err == nil && closed && name != "" && joined(rest)
			}
			name, rest, closed := strings.Cut(after, "]")
			return text[:i], name, rest, closed && plain.MatchString(name) && joined(rest)
		}
		if quoted, err := strconv.QuotedPrefix(text[i+1:]); err == nil { // a key may have brackets
			i += len(quoted)
		}
	}
	return text, "", "", true
}

// joined reports whether a text may follow the name of an item.
func joined(rest string) bool { return rest == "" || rest[0] == '.' || rest[0] == '[' }
