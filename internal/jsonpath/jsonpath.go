// Package jsonpath parses the JSONPath expressions of TriggerBindings, which are
// written between $( and ) in a value.
//
// It uses the parser of client-go, as Tekton Triggers does. In addition, it
// preprocesses expressions as Triggers does, returns the facts that checks need,
// and limits the length, because the parser is recursive.
package jsonpath

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/client-go/util/jsonpath"
)

// Path describes what an expression selects from an event.
type Path struct {
	// Fields are the names at the beginning: body, pull_request, head.
	Fields []string
	// Whole reports whether the path consists only of Fields.
	Whole bool
	// Many reports whether the path can select several values, which become a list.
	Many bool
	// Word is an unquoted word in the path, which fails when an event arrives;
	// "" if there is none.
	Word string
	// Empty reports whether a name is empty, as in body. but not in body..x.
	Empty bool
}

// maxLength is the maximum number of bytes in an expression.
const maxLength = 1 << 14

// relaxed is jsonRegexp of Triggers: a path with or without braces and a leading
// dot.
var relaxed = regexp.MustCompile(`^\{\.?([^{}]+)\}$|^\.?([^{}]+)$`)

// Parse parses an expression, with or without braces and a leading dot.
func Parse(expr string) (Path, error) {
	if expr == "" {
		return Path{Whole: true}, nil
	}
	if len(expr) > maxLength {
		return Path{}, errors.New("the path is longer than " + strconv.Itoa(maxLength) + " bytes")
	}
	m := relaxed.FindStringSubmatch(expr)
	if m == nil {
		return Path{}, errors.New("braces are allowed only around the whole path")
	}
	parser, err := jsonpath.Parse("", "{."+m[1]+m[2]+"}")
	if err != nil {
		return Path{}, clearer(err)
	}
	p := Path{Whole: true}
	for _, n := range parser.Root.Nodes {
		p.addNode(n)
	}
	return p, nil
}

// addNode updates p for the next node of the expression.
func (p *Path) addNode(n jsonpath.Node) {
	switch n := n.(type) {
	case *jsonpath.ListNode: // the part in braces
		for _, child := range n.Nodes {
			p.addNode(child)
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
		// The end of [0] is derived from its start; a slice has an explicit one.
		p.Many = p.Many || !n.Params[1].Derived
	case *jsonpath.IdentifierNode: // an unquoted word; range has no effect
		if p.Word == "" && n.Name != "range" {
			p.Word = n.Name
		}
	}
	p.Whole = false
}

// clearer rewrites errors of the parser that are hard to understand.
func clearer(err error) error {
	switch message := err.Error(); message {
	case "unclosed action":
		return errors.New("the path ends with a backslash, or contains a line break")
	case "unterminated array":
		return errors.New("unclosed bracket")
	case "unterminated filter", "unclosed array expect ]":
		return errors.New("unclosed filter: )] is missing")
	default:
		if index, ok := strings.CutPrefix(message, "invalid array index "); ok {
			return errors.New("[" + index + "] is neither an index nor a quoted name")
		}
		return err
	}
}
