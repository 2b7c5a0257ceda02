// Package settings reads profiles and configurations from YAML or JSON, with the position
// of each mistake.
package settings

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// most is the maximum number of values that are read, counting a value again wherever an
// alias repeats it.
const most = 200_000

// mostFaults is the maximum number of mistakes that are reported.
const mostFaults = 100

// page documents the fields of profiles and configurations.
const page = "https://github.com/tekwright/tekwright/blob/main/docs/config.md#fields"

// Fault is a mistake in the text.
type Fault struct {
	Position diag.Position // without a file
	Message  string        // lower case, without a full stop
	Help     string
}

// String returns the message and the help.
func (f Fault) String() string {
	if f.Help == "" {
		return f.Message
	}
	return f.Message + ": " + f.Help
}

// Reader reads the values of one text, and collects all mistakes.
type Reader struct {
	Faults []Fault
	doc    *yamlread.Document
	left   int
}

// Fields are the fields that a map may have, each with the function that reads its value.
type Fields map[string]func(key yamlread.Key, n *yamlread.Node)

// Open returns a reader, and the map that the text consists of. The map is nil if the text
// is empty or has no map.
func Open(text []byte) (*Reader, *yamlread.Node) {
	r := &Reader{left: most}
	n := 0
	for d := range yamlread.Documents(string(text)) {
		if n++; n == 1 {
			r.doc = d
		}
		if p := d.Problem; p != nil {
			r.Faults = append(r.Faults, Fault{diag.Position{Line: p.Line, Column: p.Column}, "not valid YAML: " + p.Message, p.Help})
			return r, nil
		}
		if n > 1 {
			r.Faults = append(r.Faults, Fault{diag.Position{Line: d.Line, Column: 1}, "a second document", "use only one"})
			return r, nil
		}
	}
	if r.doc == nil || r.doc.Root == nil || r.doc.Root.Kind == yamlread.Null {
		return r, nil
	}
	if r.doc.Root.Kind != yamlread.Map {
		r.Fault(r.doc.Root.Mark, "not a YAML map", "use fields such as complete: true")
		return r, nil
	}
	return r, r.doc.Root
}

// At returns the position of a mark.
func (r *Reader) At(m yamlread.Mark) diag.Position { return r.doc.Position(m).Start() }

// Fault adds a mistake.
func (r *Reader) Fault(at yamlread.Mark, message, help string) {
	if len(r.Faults) < mostFaults {
		r.Faults = append(r.Faults, Fault{r.At(at), message, help})
	}
}

// spent counts a value. It reports whether there are too many, which is a mistake.
func (r *Reader) spent(n *yamlread.Node) bool {
	if r.left--; r.left == -1 {
		r.Fault(n.Mark, "more than "+strconv.Itoa(most)+" values", "remove some, or repeat fewer by aliases")
	}
	return r.left < 0
}

// Map reads a map. The name of the map is for messages about its fields; it is "" for the
// text as a whole. A field without a value is as if it were not there.
func (r *Reader) Map(n *yamlread.Node, name string, fields Fields) {
	what := "unknown field "
	if name != "" {
		what = name + " has an unknown field "
	}
	r.Each(n, func(key yamlread.Key, value *yamlread.Node) {
		read := fields[key.Name]
		switch {
		case read == nil:
			known := slices.Sorted(maps.Keys(fields))
			help := phrase.OneOf(key.Name, known)
			if name == "" { // there are many
				help = phrase.Suggest(key.Name, known, "use a field of "+page)
			}
			r.Fault(key.Mark, what+strconv.Quote(key.Name), help)
		case value.Kind != yamlread.Null:
			read(key, value)
		}
	})
}

// Each calls a function for each item of a map.
func (r *Reader) Each(n *yamlread.Node, visit func(key yamlread.Key, value *yamlread.Node)) {
	for _, twin := range n.Twice {
		if r.spent(n) {
			return
		}
		r.Fault(twin.Mark, strconv.Quote(twin.Name)+" is set twice", "remove one; the other is in line "+strconv.Itoa(r.At(twin.First).Line))
	}
	for i, value := range n.Items {
		if r.spent(n) {
			return
		}
		visit(n.Keys[i], value)
	}
}

// Wrong adds the mistake that a value is not what the field expects.
func (r *Reader) Wrong(field string, n *yamlread.Node, wants string) {
	is := n.Kind.String()
	switch n.Kind {
	case yamlread.String:
		is = strconv.Quote(n.Text)
	case yamlread.Bool, yamlread.Number:
		if is = n.Written; is == "" {
			is = n.Text
		}
	}
	r.Fault(n.Mark, field+" is "+short(is), "use "+wants)
}

// short returns a value without what is too long to show.
func short(text string) string {
	const longest = 80
	if len(text) > longest {
		return strings.ToValidUTF8(text[:longest], "") + "..."
	}
	return text
}

// List calls a function for each item of a list that is not empty.
func (r *Reader) List(field string, n *yamlread.Node, wants string, visit func(i int, n *yamlread.Node)) {
	if n.Kind != yamlread.List {
		r.Wrong(field, n, wants)
		return
	}
	for i, item := range n.Items {
		if r.spent(item) {
			return
		}
		visit(i, item)
	}
}

// Text returns the text of a string.
func (r *Reader) Text(field string, n *yamlread.Node, wants string) (text string, ok bool) {
	if n.Kind != yamlread.String {
		r.Wrong(field, n, wants)
		return "", false
	}
	return n.Text, true
}

// Names returns a list of strings.
func (r *Reader) Names(field string, n *yamlread.Node, wants string) []string {
	var out []string
	r.List(field, n, wants, func(_ int, item *yamlread.Node) {
		if text, ok := r.Text("an item of "+field, item, "a string"); ok {
			out = append(out, text)
		}
	})
	return out
}
