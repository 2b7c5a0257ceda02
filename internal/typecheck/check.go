// Package typecheck checks a document against the upstream Go type of its kind, as
// an API server does: keys are case-sensitive, unknown keys are rejected, and a
// string is not accepted as a number.
package typecheck

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// What is the type of a fault.
type What uint8

// Types of faults.
const (
	Unknown What = iota // an unknown key
	Type                // a value of the wrong type
	Value               // a param value that Tekton reads as a JSON string
	Twice               // a duplicate key
)

// Fault is something that an API server would reject, or would read differently
// than it is written.
type Fault struct {
	What    What
	Warning bool // it is accepted, but read differently than it is written
	Path    diag.Path
	Subject string // the key or value itself
	Mark    yamlread.Mark
	First   *yamlread.Mark // the first occurrence of a duplicate key
	Message string
	Help    string
	Fix     *Fix // nil if there is none
}

// Result is the result of a check.
type Result struct {
	Faults []Fault
	// Lost are the paths of values that could not be used, and of those that a
	// misspelled key probably stands for. Findings of rules about them are
	// consequences of the faults.
	Lost []diag.Path
}

// Schema is how much the API server knows of the fields of a kind.
type Schema uint8

// The schemas.
const (
	Builtin Schema = iota // a kind of Kubernetes
	Custom                // a custom resource whose definition describes its fields
	Open                  // a custom resource whose definition describes none
)

// SchemaOf returns the schema of the kinds with an apiVersion.
func SchemaOf(apiVersion string) Schema {
	switch {
	case strings.HasPrefix(apiVersion, "tekton.dev/"):
		return Custom
	case strings.HasPrefix(apiVersion, "triggers.tekton.dev/"):
		return Open
	}
	return Builtin
}

// Check checks a value against a type. It corrects faults in the value where it
// can guess what was meant, and removes the others, so that the value can be
// decoded afterwards. Nulls in lists are a fault if the kind is a custom resource
// with a schema. Where there is none, the webhook of Tekton reads the keys in any
// case.
func Check(root *yamlread.Node, t reflect.Type, schema Schema) Result {
	c := checker{schema: schema == Custom, opaque: schema == Open, open: schema == Open, sops: IsSops(root), seen: map[seenFault]bool{}}
	c.value(&root, shape.Of(t))
	return c.Result
}

// Loose reports the duplicate keys in a value of unknown type.
func Loose(root *yamlread.Node) Result {
	c := checker{seen: map[seenFault]bool{}}
	c.loose(root)
	return c.Result
}

type checker struct {
	Result
	schema bool
	open   bool // no field of the kind has a schema
	opaque bool // nor has the current value
	sops   bool // SOPS has encrypted values of the document
	path   []diag.Segment
	outer  []level // the enclosing structs
	spelt  string  // the last key of the path as written, if YAML reads it differently
	seen   map[seenFault]bool
}

// level is a struct on the path to a value.
type level struct {
	shape *shape.Type
	path  int // number of segments of its path
}

// seenFault identifies a fault, so that it is not reported again for each alias.
type seenFault struct {
	mark yamlread.Mark
	what What
}

// fault reports a fault at the current path.
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

// here returns the current path.
func (c *checker) here() diag.Path { return diag.NewPath(c.path...) }

// lose removes the value.
func (c *checker) lose(slot **yamlread.Node) {
	c.Lost = append(c.Lost, c.here())
	*slot = &yamlread.Node{Mark: (*slot).Mark}
}

// value checks the value in a slot against a shape. It may replace it by a value
// of that shape.
func (c *checker) value(slot **yamlread.Node, s *shape.Type) {
	n := *slot
	if n.Kind == yamlread.Null {
		return // an API server drops it
	}
	if c.sops && IsEncrypted(n) {
		c.encrypted(slot, s)
		return
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

// loose reports the duplicate keys in a value of any shape.
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
			c.fault(Fault{What: Type, Mark: n.Items[i].Mark, Message: "the list item is empty",
				Help: `write the item after its "-", or remove the "-"`})
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
	if declaresParam(s) {
		declaration(n)
	}
	c.outer = append(c.outer, level{s, len(c.path)})
	c.twice(n, s)
	before := len(c.path)
	known := knownFields(n, s)
	kept := 0
	for i := range n.Keys {
		name := n.Keys[i].Name
		f := s.Field(name)
		if f == nil {
			name = c.unknown(n, i, s, known)
			if f = s.Field(name); f == nil {
				continue
			}
			known[name] = true
			n.Keys[i].Name = name
		}
		if n.Items[i].Kind == yamlread.Null && f.Type().Class == shape.Param {
			continue // an API server drops it, and Tekton's type would read it as ""
		}
		outside := c.opaque
		if c.open && before == 0 {
			c.opaque = name != "metadata"
		} else {
			c.opaque = c.opaque || s.IsOpaque(name)
		}
		c.name(name)
		c.value(&n.Items[i], f.Type())
		c.path, c.opaque = c.path[:before], outside
		n.Keys[kept], n.Items[kept] = n.Keys[i], n.Items[i]
		kept++
	}
	clear(n.Items[kept:])
	n.Keys, n.Items = n.Keys[:kept], n.Items[:kept]
	c.outer = c.outer[:len(c.outer)-1]
}

// knownFields returns the fields of the struct that the map sets, nil if it sets no
// others.
func knownFields(n *yamlread.Node, s *shape.Type) map[string]bool {
	var known map[string]bool
	for i := range n.Keys {
		if s.Field(n.Keys[i].Name) == nil {
			known = map[string]bool{}
			break
		}
	}
	if known == nil {
		return nil
	}
	for i := range n.Keys {
		if s.Field(n.Keys[i].Name) != nil {
			known[n.Keys[i].Name] = true
		}
	}
	return known
}

// twice reports the duplicate keys of a map, and those that YAML does not read as
// strings.
func (c *checker) twice(n *yamlread.Node, s *shape.Type) {
	before := len(c.path)
	for i := range n.Keys {
		if k := &n.Keys[i]; k.Written != "" && s == nil {
			c.key(k.Name)
			c.fault(Fault{What: Value, Warning: true, Subject: k.Written, Mark: k.Mark,
				Message: "YAML 1.1 reads the unquoted key " + k.Written + " as " + strconv.Quote(k.Name),
				Help:    "quote it: " + strconv.Quote(k.Written), Fix: &Fix{How: QuoteKey, Message: "quote the key", Key: *k}})
			c.path = c.path[:before]
		}
	}
	for _, t := range n.Twice {
		c.step(t.Name, s)
		first := t.First
		c.fault(Fault{What: Twice, Subject: t.Name, Mark: t.Mark, First: &first,
			Message: "duplicate key " + strconv.Quote(t.Name) + ": only the last value is used",
			Help:    "remove one of them"})
		c.path = c.path[:before]
	}
}

// step adds a key to the path, as a field if the shape is a struct or the key
// looks like a field name.
func (c *checker) step(key string, s *shape.Type) {
	if s != nil || isField(key) {
		c.name(key)
	} else {
		c.key(key)
	}
}

// isField reports whether a key can be a field name.
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
