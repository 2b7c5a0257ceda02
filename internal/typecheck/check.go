// Package typecheck holds a document against the upstream struct of its kind, as
// an API server does: keys are case-sensitive, unknown ones are refused, and a
// text is no number.
package typecheck

import (
	"reflect"
	"strconv"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// What is the sort of a fault.
type What uint8

// The sorts of faults.
const (
	Unknown What = iota // a key that the struct does not have
	Type                // a value of another type
	Value               // a param's value that Tekton takes for a text of JSON
	Twice               // a key that stands there again
)

// Fault is one thing that an API server would refuse, or would take for
// something else.
type Fault struct {
	What    What
	Warning bool // it is taken, and not as it is written
	Path    diag.Path
	Subject string // the bare key or value
	Mark    yamlread.Mark
	First   *yamlread.Mark // where a key stands for the first time
	Message string
	Help    string
}

// Result is what holding a document against a type came to.
type Result struct {
	Faults []Fault
	// Lost are the paths of values that could not be used, and of those that
	// were meant by a misspelt key: what rules say of them follows from the
	// faults.
	Lost []diag.Path
}

// Check holds a value against a type. It mends what it finds in the value as
// far as it can guess what was meant, and takes out the rest, so that the
// value can be read afterwards. Nulls in lists are a fault if the kind is a
// custom resource with a schema.
func Check(root *yamlread.Node, t reflect.Type, schema bool) Result {
	c := checker{schema: schema, seen: map[seenFault]bool{}}
	c.value(&root, shape.Of(t))
	return c.Result
}

// Loose reports the keys that stand twice in a value whose type nobody knows.
func Loose(root *yamlread.Node) Result {
	c := checker{seen: map[seenFault]bool{}}
	c.loose(root)
	return c.Result
}

type checker struct {
	Result
	schema bool
	path   []diag.Segment
	outer  []level // the structs around the value
	spelt  string  // the last key of the path as it is written, if YAML calls it otherwise
	seen   map[seenFault]bool
}

// level is a struct on the way to a value.
type level struct {
	shape *shape.Type
	path  int // number of the segments of its path
}

// seenFault keeps what several aliases share from being told twice.
type seenFault struct {
	mark yamlread.Mark
	what What
}

// fault reports a fault at the path of the checker.
func (c *checker) fault(f Fault) {
	if f.Path.IsRoot() {
		f.Path = c.here()
	}
	key := seenFault{f.Mark, f.What}
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.Faults = append(c.Faults, f)
}

// here is the path of the checker.
func (c *checker) here() diag.Path { return diag.NewPath(c.path...) }

// lose takes the value out.
func (c *checker) lose(slot **yamlread.Node) {
	c.Lost = append(c.Lost, c.here())
	*slot = &yamlread.Node{Mark: (*slot).Mark}
}

// value holds the value in a slot against a shape. What is put into the slot
// instead of it is of that shape.
func (c *checker) value(slot **yamlread.Node, s *shape.Type) {
	n := *slot
	if n.Kind == yamlread.Null {
		return // an API server drops it
	}
	switch s.Class {
	case shape.Any, shape.Raw:
		c.loose(n)
	case shape.Struct:
		if n.Kind != yamlread.Map {
			c.wrong(slot, s)
			return
		}
		c.fields(n, s)
	case shape.Map:
		if n.Kind != yamlread.Map {
			c.wrong(slot, s)
			return
		}
		c.free(n, s)
	case shape.List:
		if n.Kind != yamlread.List {
			c.wrong(slot, s)
			return
		}
		c.list(n, s)
	case shape.Text:
		if n.Kind != yamlread.String {
			c.wrong(slot, s)
		}
	case shape.Param:
		c.param(slot)
	default:
		if !fits(n, s) {
			c.wrong(slot, s)
		}
	}
}

// loose reports the keys that stand twice in a value of any shape.
func (c *checker) loose(n *yamlread.Node) {
	c.twice(n, nil)
	for i, item := range n.Items {
		if len(item.Items) == 0 {
			continue
		}
		before := len(c.path)
		if n.Kind == yamlread.Map {
			c.step(n.Keys[i].Name, nil)
		} else {
			c.index(i)
		}
		c.loose(item)
		c.path = c.path[:before]
	}
}

func (c *checker) list(n *yamlread.Node, s *shape.Type) {
	before, elem := len(c.path), s.Elem()
	for i := range n.Items {
		c.index(i)
		if n.Items[i].Kind == yamlread.Null && c.schema && elem.Class != shape.Any && elem.Class != shape.Raw {
			c.fault(Fault{What: Type, Mark: n.Items[i].Mark, Message: "an item of the list is empty",
				Help: `write the item behind its "-", or take the "-" out`})
			c.lose(&n.Items[i])
		} else {
			c.value(&n.Items[i], elem)
		}
		c.path = c.path[:before]
	}
}

func (c *checker) free(n *yamlread.Node, s *shape.Type) {
	c.twice(n, nil)
	before, elem := len(c.path), s.Elem()
	for i := range n.Items {
		c.key(n.Keys[i].Name)
		if elem.Class == shape.Text {
			c.spelt = n.Keys[i].Written
		}
		c.value(&n.Items[i], elem)
		c.path, c.spelt = c.path[:before], ""
	}
}

func (c *checker) fields(n *yamlread.Node, s *shape.Type) {
	c.outer = append(c.outer, level{s, len(c.path)})
	c.twice(n, s)
	before := len(c.path)
	for i := 0; i < len(n.Keys); i++ {
		name := n.Keys[i].Name
		f := s.Field(name)
		if f == nil {
			name = c.unknown(n, i, s)
			if f = s.Field(name); f == nil {
				n.Remove(i)
				i--
				continue
			}
			n.Keys[i].Name = name
		}
		c.name(name)
		c.value(&n.Items[i], f.Type())
		c.path = c.path[:before]
	}
	c.outer = c.outer[:len(c.outer)-1]
}

// twice reports the keys of a map that stand there again, and those that YAML
// does not take for texts.
func (c *checker) twice(n *yamlread.Node, s *shape.Type) {
	before := len(c.path)
	for i := range n.Keys {
		if k := &n.Keys[i]; k.Written != "" && s == nil {
			c.key(k.Name)
			c.fault(Fault{What: Value, Warning: true, Subject: k.Written, Mark: k.Mark,
				Message: "YAML 1.1 does not take the key " + k.Written + " for a text, and reads it as " + strconv.Quote(k.Name),
				Help:    "quote it: " + strconv.Quote(k.Written)})
			c.path = c.path[:before]
		}
	}
	for _, t := range n.Twice {
		c.step(t.Name, s)
		first := t.First
		c.fault(Fault{What: Twice, Subject: t.Name, Mark: t.Mark, First: &first,
			Message: "the key " + strconv.Quote(t.Name) + " stands twice here, and only the last one counts",
			Help:    "take one of them out"})
		c.path = c.path[:before]
	}
}

// step adds a key to the path, which is a field if the shape is a struct, or if
// it looks like one.
func (c *checker) step(key string, s *shape.Type) {
	if s != nil || isField(key) {
		c.name(key)
	} else {
		c.key(key)
	}
}

// isField tells what a field may be called.
func isField(key string) bool {
	for i := range len(key) {
		if b := key[i]; (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') {
			return false
		}
	}
	return key != ""
}

func (c *checker) name(name string) {
	if !isField(name) {
		c.key(name)
		return
	}
	c.path = append(c.path, diag.Segment{Name: name})
}

func (c *checker) key(key string) {
	c.path = append(c.path, diag.Segment{Name: key, Kind: diag.KeySegment})
}

func (c *checker) index(i int) {
	c.path = append(c.path, diag.Segment{Index: i, Kind: diag.IndexSegment})
}
