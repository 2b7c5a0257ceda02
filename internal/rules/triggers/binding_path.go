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
// Tekton checks hardly any of this before an event arrives.
func wrongPaths(p *rule.Pass, b *facts.BindingParam) {
	takes := b.Takes()
	for i := range takes {
		x := &takes[i]
		switch {
		case x.Open && !x.Last:
			p.Error(b.Spot.Of(x.Text), x.Expr, phrase.Quote(x.Text)+" is not closed before the next expression begins, which Tekton rejects", "write only one expression, or close the first one with ): expressions cannot be nested")
		case x.Open:
			p.Error(b.Spot.Of(x.Text), x.Expr, phrase.Quote(x.Text)+" is never closed, so it is passed on unreplaced", "close it with )")
		case x.Err != nil:
			p.Error(b.Spot.Of(x.Text), x.Expr, x.Text+" is not a valid JSONPath: "+x.Err.Error(), "use a path such as $(body.repository.clone_url)")
		default:
			if message, help := eventPath(x.Expr, x.Path); message != "" {
				p.Error(b.Spot.Of(x.Text), x.Expr, x.Text+" "+message, help)
			}
		}
	}
}

// eventPath returns why a path finds nothing in any event; "" if it may find
// something.
func eventPath(expr string, path jsonpath.Path) (message, help string) {
	const fails = ", so every event fails unless the TriggerTemplate has a default for it"
	switch {
	case expr == "":
		return "is empty", "use a path such as $(body.repository.clone_url)"
	case path.Word != "":
		return "contains the bare word " + phrase.Quote(path.Word) + fails, "separate names with dots, and write other names as ['a b']"
	case path.Empty:
		return "contains an empty name" + fails, "remove the dot, or write a name after it"
	case len(path.Fields) == 0:
		return "", "" // a wildcard, or ..
	}
	root, rest := path.Fields[0], path.Fields[1:]
	switch root {
	case "body", "Body", "extensions", "Extensions": // the Go names of struct fields work as well
		return "", ""
	case "header", "Header":
		return headerPath(expr, rest, path)
	case "context", "Context":
		if len(rest) == 0 || rest[0] == "eventID" || rest[0] == "EventID" {
			if len(rest) > 1 || len(rest) == 1 && !path.Whole && !path.Many {
				return "reads a part of the event ID, which is a string" + fails, "use $(context.eventID)"
			}
			return "", ""
		}
		return "refers to an unknown field of context" + fails, phrase.Suggest(rest[0], []string{"eventID"}, "use context.eventID, the only field")
	case "params", "tt":
		return "refers to a param, but a binding reads only the event" + fails, "use a path into body, header or extensions; $(tt.params.NAME) is only for a TriggerTemplate"
	}
	const outside = "does not begin with body, header, extensions or context" + fails
	near := suggest.Name(root, eventRoots)
	if near == "" {
		return outside, "use a field of one of them, such as $(body." + expr + ")"
	}
	return outside, "did you mean $(" + strings.Replace(expr, root, near, 1) + ")?"
}

// headerPath returns why a path finds nothing among the headers of any event; ""
// if it may find something.
func headerPath(expr string, rest []string, path jsonpath.Path) (message, help string) {
	if len(rest) == 0 {
		return "", ""
	}
	name := rest[0]
	if len(rest) > 1 || !path.Whole && !path.Many {
		return "reads a part of header " + phrase.Quote(name) + ", which is a string, so every event fails unless the TriggerTemplate has a default for it", "use $(header." + name + ")"
	}
	// Tekton brings only what begins with header. into the canonical form.
	if after, ok := strings.CutPrefix(expr, "header."); ok {
		name = textproto.CanonicalMIMEHeaderKey(after)
	}
	if canonical := textproto.CanonicalMIMEHeaderKey(name); name != canonical {
		return "does not spell header " + canonical + " in its canonical form, so every event fails", "use $(header." + canonical + ")"
	}
	return "", ""
}
