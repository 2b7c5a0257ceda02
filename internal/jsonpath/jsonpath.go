// Package jsonpath reads the paths of TriggerBindings: what may stand between
// $( and ), as Tekton Triggers hands it to client-go's util/jsonpath, which
// the types of Tekton do not link. It reads, and evaluates nothing;
// test/triggers shows that both accept the same.
package jsonpath

import (
	"errors"
	"strings"
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

// Parse reads an expression, with or without the braces and the leading dot.
func Parse(expr string) (Path, error) {
	if expr == "" {
		return Path{Whole: true}, nil
	}
	relaxed, ok := relax(expr)
	if !ok {
		return Path{}, errors.New("braces may stand only around all of it")
	}
	nodes, err := parseAction("." + relaxed)
	if err != nil {
		return Path{}, err
	}
	return pathOf(nodes), nil
}

// relax takes the braces and one leading dot off.
func relax(expr string) (string, bool) {
	inner := expr
	if strings.HasPrefix(expr, "{") && strings.HasSuffix(expr, "}") && len(expr) > 2 {
		inner = expr[1 : len(expr)-1]
	}
	if strings.ContainsAny(inner, "{}") {
		return "", false
	}
	if len(inner) > 1 {
		inner = strings.TrimPrefix(inner, ".")
	}
	return inner, true
}

func pathOf(nodes []node) Path {
	p := Path{Whole: true}
	for _, n := range nodes {
		if n.kind == field && p.Whole {
			p.Fields = append(p.Fields, n.text)
		} else {
			p.Whole = false
		}
		switch n.kind {
		case field:
			p.Empty = p.Empty || n.text == ""
		case wildcard, recursive, slice, union, filter:
			p.Many = true
		case word:
			if p.Word == "" {
				p.Word = n.text
			}
		}
	}
	return p
}

type kind int

const (
	field kind = iota
	wildcard
	recursive
	index    // one item of a list
	slice    // several
	union    // [a,b]
	filter   // [?(...)]
	word     // range, end, or anything else: unquoted text
	constant // a quoted text, a number, a bool
)

// node is one step of a path.
type node struct {
	kind kind
	text string
}
