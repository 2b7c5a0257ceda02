package triggers

import (
	_ "embed"
	"net/textproto"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-path.md
var bindingPathText string

var bindingPath = &rule.Rule{
	Code:     "binding-path",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     bindingPathText,
	Kinds:    slices.Concat(triggerKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			for _, b := range t.OwnParams() {
				wrongPaths(p, b)
			}
		}
		for _, b := range p.Entry.BindingParams() {
			wrongPaths(p, b)
		}
	},
}

// wrongPaths reports the expressions of a param that find nothing in any event.
// Tekton checks hardly any of it before an event arrives.
func wrongPaths(p *rule.Pass, b *facts.BindingParam) {
	takes := b.Takes()
	for i := range takes {
		x := &takes[i]
		switch {
		case x.Open && !x.Last:
			p.Error(b.Spot.Of(x.Text), x.Expr, phrase.Quote(x.Text)+" is not closed before the next expression begins, which Tekton refuses", "close it with ); an expression holds no other")
		case x.Open:
			p.Error(b.Spot.Of(x.Text), x.Expr, phrase.Quote(x.Text)+" is never closed, so it stays as it is", "close it with )")
		case x.Err != nil:
			p.Error(b.Spot.Of(x.Text), x.Expr, x.Text+" is no JSONPath: "+x.Err.Error(), "write a path such as $(body.repository.clone_url)")
		default:
			if message, help := eventPath(x.Expr, x.Path); message != "" {
				p.Error(b.Spot.Of(x.Text), x.Expr, x.Text+" "+message, help)
			}
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
		return "holds the bare word " + phrase.Quote(path.Word) + fails, "join names by dots, and write others as ['a b']"
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
		return "names no field of the context" + fails, phrase.Suggest(rest[0], []string{"eventID"}, "its only field is eventID")
	case "params", "tt":
		return "names a param, and a binding takes from events only" + fails, "write a path into body, header or extensions; a TriggerTemplate uses $(tt.params.NAME)"
	}
	near := suggest.Name(root, eventRoots)
	if near == "" {
		return "begins with " + phrase.Quote(root) + ", which no event has" + fails, "begin with body, header, extensions or context.eventID, as in $(body." + root + ")"
	}
	return "begins with " + phrase.Quote(root) + ", which no event has" + fails, "did you mean $(" + strings.Replace(expr, root, near, 1) + ")?"
}

// headerPath says why no event has a header.
func headerPath(expr string, rest []string, path jsonpath.Path) (message, help string) {
	if len(rest) == 0 {
		return "", ""
	}
	name := rest[0]
	if len(rest) > 1 || !path.Whole && !path.Many {
		return "takes a part of header " + phrase.Quote(name) + ", which is a string: every event fails, or gets the default of the template", "write $(header." + name + ")"
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
