package typecheck

import (
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// How is what a fix does.
type How uint8

// The kinds of fixes.
const (
	Rename   How = iota + 1 // gives a key another name
	Quote                   // makes a number or a boolean a string
	QuoteKey                // makes a key that is a number or a boolean a string
	Unquote                 // makes a string a number or a boolean
)

// Fix is a change of the text that resolves a fault.
type Fix struct {
	How     How
	Message string // begins with a verb
	Safe    bool   // nothing else changes its meaning
	Key     yamlread.Key
	Name    string         // for Key
	Node    *yamlread.Node // to quote
}

// Edits returns the edits of a document that make the change, without a file. It returns
// false if it cannot be made.
func (f *Fix) Edits(doc *yamlread.Document) ([]diag.Edit, bool) {
	switch {
	case f == nil:
	case f.How == Rename:
		e, ok := doc.RenameKey(f.Key, f.Name)
		return []diag.Edit{e}, ok
	case f.How == Quote:
		return doc.Quote(f.Node)
	case f.How == QuoteKey:
		return doc.QuoteKey(f.Key)
	case f.How == Unquote:
		return doc.Unquote(f.Node)
	}
	return nil, false
}

// rename returns the fix that gives a key the name that was meant.
func rename(k yamlread.Key, name string, safe bool) *Fix {
	return &Fix{How: Rename, Message: "rename " + strconv.Quote(k.Name) + " to " + strconv.Quote(name), Safe: safe, Key: k, Name: name}
}

// quote returns the fix that quotes a number or a boolean.
func quote(n *yamlread.Node, safe bool) *Fix {
	return &Fix{How: Quote, Message: "quote the value", Safe: safe, Node: n}
}

// requoted returns the fix of a scalar of the wrong type that needs only quotes, or none. The
// API server rejects the value as it is, so no other meaning is lost.
func requoted(n, meant *yamlread.Node, s *shape.Type) *Fix {
	switch {
	case meant == nil:
	case s.Class == shape.Text && n.Kind != yamlread.String:
		return quote(n, true)
	case (s.Class == shape.Bool || s.Class == shape.Int) && n.Kind == yamlread.String:
		return &Fix{How: Unquote, Message: "remove the quotes", Safe: true, Node: n}
	}
	return nil
}

// foreign are names of fields in other languages. That they were meant is a guess.
var foreign = map[string]bool{"dependsOn": true, "needs": true, "depends_on": true}

// renamedTo returns the fix of an unknown key that was probably meant as a field, nil if the
// field is already set. It is safe if only one field can be meant.
func renamedTo(k yamlread.Key, meant, of string, set bool) *Fix {
	if meant == "" || set || k.Written != "" {
		return nil
	}
	return rename(k, meant, of != "" && !foreign[k.Name] || strings.EqualFold(meant, k.Name))
}
