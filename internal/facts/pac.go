package facts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// pacAnnotations begins the annotations of Pipelines-as-Code, and pacEvents those that say
// which events start a run.
const (
	pacAnnotations = "pipelinesascode.tekton.dev/"
	pacEvents      = pacAnnotations + "on-"
)

// pacVariable is a variable that Pipelines-as-Code expands in the text of a file.
var pacVariable = regexp.MustCompile(`\{\{\s*[A-Za-z_][A-Za-z0-9_.]*\s*\}\}`)

// IsPipelinesAsCode reports whether Pipelines-as-Code starts the run on an event.
func (e *Entry) IsPipelinesAsCode() bool { return e.isAnnotated(pacEvents) }

// isExpanded reports whether Pipelines-as-Code replaces each {{ name }} in the object.
func (e *Entry) isExpanded() bool {
	e = e.Root()
	return e.isAnnotated(pacAnnotations) || e.inTektonFolder()
}

// IsGenerated reports whether Pipelines-as-Code makes the generateName of a run of its name.
func (e *Entry) IsGenerated() bool {
	return e.resolvesReferences() && e.Run.GenerateName == ""
}

// isAnnotated reports whether the name of an annotation has the prefix.
func (e *Entry) isAnnotated(prefix string) bool {
	for name := range e.Annotations() {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// ForPulls reports whether Pipelines-as-Code may start the run for a pull request or for a
// comment on one. An expression has precedence over a list of events.
func (e *Entry) ForPulls() bool {
	annotations := e.Annotations()
	if expr := annotations[pacEvents+"cel-expression"]; expr != "" {
		return celenv.Passes(expr, pacPull{})
	}
	events := annotations[pacEvents+"event"]
	for name := range annotations {
		if strings.HasPrefix(name, pacEvents) && name != pacEvents+"event" && name != pacEvents+"target-branch" && !strings.HasPrefix(name, pacEvents+"path-change") {
			return true // on a comment or a label
		}
	}
	names := strings.FieldsFunc(events, func(r rune) bool { return strings.ContainsRune("[], ", r) })
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return name != "push" })
}

// pacPull describes the variables of an expression of Pipelines-as-Code for a pull
// request. It implements [celenv.Event].
type pacPull struct{}

// At implements [celenv.Event].
func (pacPull) At(path string) celenv.Known {
	if path == "event" {
		return oneOf("pull_request")
	}
	return ofKind(celenv.Any)
}

// Has implements [celenv.Event].
func (pacPull) Has(string) (always, never bool) { return false, false }

// Overlay implements [celenv.Event].
func (pacPull) Overlay(string) (expression, inside string, ok bool) { return "", "", false }

// PipelinesAsCodeTexts returns the texts that the author of a pull request or a comment
// writes and that a text contains as {{ NAME }}. Pipelines-as-Code runs pull requests of
// strangers only after somebody with write access has agreed to the commit, which says
// nothing about these texts.
func PipelinesAsCodeTexts(text string) []StrangerValue {
	var out []StrangerValue
	for _, word := range pacVariable.FindAllString(text, -1) {
		name := strings.TrimSpace(strings.Trim(word, "{}"))
		part, ok := eventParts[name]
		switch name {
		case "source_branch":
			part, ok = eventParts["body.pull_request.head.ref"], true
		case "trigger_comment":
			part, ok = eventParts["body.comment.body"], true
		}
		if ok && part.text {
			out = append(out, StrangerValue{Path: name, What: part.what, Text: true, Commit: part.commit})
		}
	}
	return out
}
