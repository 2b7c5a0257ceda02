package check

import (
	"net/textproto"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/tekref"
)

// eventRoots are what an event has.
var eventRoots = []string{"body", "header", "extensions", "context"}

// bindingValue checks what a binding takes from an event: row 69. Upstream
// checks hardly any of it before an event arrives.
func (c *checker) bindingValue(s spot, value string) {
	for x := range tekref.ScanBinding(value) {
		written := x.String()
		at := s.of(written)
		if x.Open && x.End < len(value) {
			c.fail(at, "binding-path", x.Expr, q(written)+" is not closed before the next expression begins, which Tekton refuses", "close it with ); an expression holds no other")
			continue
		}
		if x.Open {
			c.fail(at, "binding-path", x.Expr, q(written)+" is never closed, so it stays as it is", "close it with )")
			continue
		}
		path, err := jsonpath.Parse(x.Expr)
		if err != nil {
			c.fail(at, "binding-path", x.Expr, written+" is no JSONPath: "+err.Error(), "write a path such as $(body.repository.clone_url)")
			continue
		}
		if message, help := eventPath(x.Expr, path); message != "" {
			c.fail(at, "binding-path", x.Expr, written+" "+message, help)
		}
	}
}

// eventPath says why a path finds nothing in any event, "" if it may.
func eventPath(expr string, path jsonpath.Path) (message, help string) {
	const fails = ": every event fails, or gets the default of the template"
	switch {
	case expr == "":
		return "names nothing", "write a path such as $(body.repository.clone_url)"
	case path.Word != "":
		return "holds the bare word " + q(path.Word) + fails, "join names by dots, and write others as ['a b']"
	case path.Empty:
		return "holds an empty name" + fails, "drop the dot, or write the name behind it"
	case len(path.Fields) == 0:
		return "", "" // a wildcard, or ..
	}
	root, rest := path.Fields[0], path.Fields[1:]
	switch root {
	case "body", "Body", "extensions", "Extensions": // structs answer to the names of their Go fields as well
		return "", ""
	case "header", "Header":
		return headerPath(expr, rest, path)
	case "context", "Context":
		if len(rest) == 0 || rest[0] == "eventID" || rest[0] == "EventID" {
			if len(rest) > 1 || len(rest) == 1 && !path.Whole && !path.Many {
				return "takes a part of the event's ID, which is a string" + fails, "write $(context.eventID)"
			}
			return "", ""
		}
		return "names no field of the context" + fails, suggest(rest[0], []string{"eventID"}, "its only field is eventID")
	case "params", "tt":
		return "names a param, and a binding takes from events only" + fails, "write a path into body, header or extensions; a TriggerTemplate uses $(tt.params.NAME)"
	}
	near := nearest(root, eventRoots)
	if near == "" {
		return "begins with " + q(root) + ", which no event has" + fails, "begin with body, header, extensions or context.eventID, as in $(body." + root + ")"
	}
	return "begins with " + q(root) + ", which no event has" + fails, "did you mean $(" + strings.Replace(expr, root, near, 1) + ")?"
}

// headerPath says why no event has a header.
func headerPath(expr string, rest []string, path jsonpath.Path) (message, help string) {
	if len(rest) == 0 {
		return "", ""
	}
	name := rest[0]
	if len(rest) > 1 || !path.Whole && !path.Many {
		return "takes a part of header " + q(name) + ", which is a string: every event fails, or gets the default of the template", "write $(header." + name + ")"
	}
	// Only what begins with header. is brought into the canonical form.
	if after, ok := strings.CutPrefix(expr, "header."); ok {
		name = textproto.CanonicalMIMEHeaderKey(after)
	}
	if canonical := textproto.CanonicalMIMEHeaderKey(name); name != canonical {
		return "names a header by another spelling than " + canonical + ", so every event fails", "write $(header." + canonical + ")"
	}
	return "", ""
}

// wholeEvent reports whether an expression takes a part of an event that is
// always an object: its JSON has quotes.
func wholeEvent(x match) bool {
	path, err := jsonpath.Parse(x.Expr)
	return !x.Open && err == nil && path.Whole && len(path.Fields) == 1 && slices.Contains(eventRoots, path.Fields[0])
}
