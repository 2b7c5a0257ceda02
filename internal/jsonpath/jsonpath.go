// Package jsonpath reads the paths of TriggerBindings: what may stand between
// $( and ) in a value.
//
// The parser is that of client-go, which Tekton Triggers uses, too. Added is
// what Triggers does to an expression first, what a path means for a check, and
// a bound on the length: the parser recurses with each step of a path.
package jsonpath

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/client-go/util/jsonpath"
)

// Path is what an expression takes from an event.
type Path struct {
	// Fields are the names that it begins with: body, pull_request, head.
	Fields []string
	// Whole says that there is nothing behind Fields.
	Whole bool
	// Many says that it may give any number of values, which arrive as a list.
	Many bool
	// Word is a bare word in it, which fails when an event arrives; "" if
	// there is none.
	Word string
	// Empty says that a name in it is empty: body..x is not meant, body. is.
	Empty bool
}

// longest is the number of bytes that an expression may have.
const longest = 1 << 14

// relaxed is jsonRegexp of Triggers: a path with or without braces and the
// leading dot.
var relaxed = regexp.MustCompile(`^\{\.?([^{}]+)\}$|^\.?([^{}]+)$`)

// Parse reads an expression, with or without the braces and the leading dot.
func Parse(expr string) (Path, error) {
	if expr == "" {
		return Path{Whole: true}, nil
	}
	if len(expr) > longest {
		return Path{}, errors.New("it is longer than " + strconv.Itoa(longest) + " bytes")
	}
	m := relaxed.FindStringSubmatch(expr)
	if m == nil {
		return Path{}, errors.New("braces may stand only around all of it")
	}
	parser, err := jsonpath.Parse("", "{."+m[1]+m[2]+"}")
	if err != nil {
		return Path{}, clearer(err)
	}
	p := Path{Whole: true}
	for _, n := range parser.Root.Nodes {
		p.read(n)
	}
	return p, nil
}

func (p *Path) read(n jsonpath.Node) {
	switch n := n.(type) {
	case *jsonpath.ListNode: // what stands in the braces
		for _, child := range n.Nodes {
			p.read(child)
		}
		return
	case *jsonpath.FieldNode:
		p.Empty = p.Empty || n.Value == ""
		if p.Whole {
			p.Fields = append(p.Fields, n.Value)
			return
		}
	case *jsonpath.WildcardNode, *jsonpath.RecursiveNode, *jsonpath.UnionNode, *jsonpath.FilterNode:
		p.Many = true
	case *jsonpath.ArrayNode:
		// The end of [0] is derived from its start; a slice has one of its own.
		p.Many = p.Many || !n.Params[1].Derived
	case *jsonpath.IdentifierNode: // text without quotes; range changes nothing
		if p.Word == "" && n.Name != "range" {
			p.Word = n.Name
		}
	}
	p.Whole = false
}

// clearer rewrites those errors of the parser that do not say what is wrong.
func clearer(err error) error {
	switch message := err.Error(); message {
	case "unclosed action":
		return errors.New("it ends with a backslash, or has a line break")
	case "unterminated array":
		return errors.New("a bracket is never closed")
	case "unterminated filter", "unclosed array expect ]":
		return errors.New("a filter is never closed with )]")
	default:
		if index, ok := strings.CutPrefix(message, "invalid array index "); ok {
			return errors.New("[" + index + "] is neither an index nor a quoted name")
		}
		return err
	}
}
