package triggers

import (
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file keeps variables out of the values of events. Tekton Triggers inserts the
// values one after the other, in an order that changes with every event: a title that
// contains $(tt.params.sha) is replaced by the commit if the title happens to be
// inserted first, although Triggers makes $$(tt.params.sha) of it. Later, Tekton
// Pipelines replaces $$(context.pipelineRun.name) as well, and rejects
// $$(tasks.x.results.y). JSON has no way to write $( so that Triggers cannot find it,
// and the order cannot be known. So no $( may get as far as the template.

// fixedFields lists the fields whose form the sender determines: hashes, numbers, and
// the names and URLs of repositories.
var fixedFields = []string{"sha", "short-sha", "before", "base-sha", "draft", "number", "clone-url", "ssh-url", "repository"}

// usedField is a field that a template uses.
type usedField struct {
	*field
	touches edge
}

// edge describes the texts directly before and after the uses of a field, with which
// its value could form the characters $(.
type edge struct {
	dollar bool // a $ or another field is before it
	paren  bool // a ( or another field is after it
}

// edges are the edges of the fields of a template, by name.
type edges map[string]edge

// add adds the uses in an object of a template.
func (e edges) add(raw string) {
	end := 0 // of the variable before
	for m := range tekref.Scan(raw) {
		previous := end
		end = m.End
		name, ok := strings.CutPrefix(m.Expr, tekref.TemplatePrefix)
		if !ok {
			continue
		}
		x, before, after := e[name], raw[:m.Start], raw[m.End:]
		x.dollar = x.dollar || strings.HasSuffix(before, "$") || m.Start > 0 && m.Start == previous
		x.paren = x.paren || strings.HasPrefix(after, "(") || strings.HasPrefix(after, "$(")
		e[name] = x
	}
}

// escaped returns the overlay that the field is bound to, "" if it is bound to its
// path. Without $( the value cannot contain a variable.
func (f usedField) escaped() string {
	if f.fixed {
		return f.overlay
	}
	expr := f.cel() + ".replace('$(', '$ (')"
	if f.touches.dollar {
		expr += `.translate('^\\(', ' (')`
	}
	if f.touches.paren {
		expr += `.translate('\\$$', '$$ ')`
	}
	return expr
}

// extension returns the key under which an overlay stores the field.
func (f *field) extension() string { return strings.ReplaceAll(f.name, "-", "_") }

// value returns the value of the field in a binding.
func (f usedField) value() string {
	if f.escaped() != "" {
		return tekref.Text("extensions." + f.extension())
	}
	return tekref.Text(f.path)
}
