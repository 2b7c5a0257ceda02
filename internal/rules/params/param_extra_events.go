package params

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// takenForNothing reports params that a binding takes from the event, and that no
// template declares.
func takenForNothing(p *rule.Pass) {
	for _, t := range p.Entry.Triggers() {
		undeclared(p, t)
	}
	params := p.Entry.BindingParams()
	if len(params) == 0 {
		return
	}
	declared, known := declaredByUsers(p.Entry)
	if !known {
		return
	}
	for i, b := range params {
		if !declared[b.Name] {
			p.Warning(p.At("spec").Index("params", i).Field("name"), b.Name, "param "+phrase.Quote(b.Name)+" is taken from the event and used by no template",
				"drop it, or declare and use it in the TriggerTemplate")
		}
	}
}

// undeclared reports the params in the bindings of a trigger that its template
// does not declare. One that is told as a misspelt one that is missing is left out.
func undeclared(p *rule.Pass, t *facts.Trigger) {
	spec, _, label := t.TemplateOf()
	if spec == nil {
		return
	}
	declared := t.TemplateParams()
	given, complete := t.Supply()
	var misspelt []string
	if complete {
		for _, i := range t.Unsupplied() {
			misspelt = append(misspelt, t.Meant(spec.Params[i].Name))
		}
	}
	for _, b := range given {
		if b.Binding == nil && !slices.Contains(declared, b.Name) && !slices.Contains(misspelt, b.Name) {
			p.Warning(b.Spot, b.Name, "param "+phrase.Quote(b.Name)+" is taken from the event, and "+label+" does not declare it",
				phrase.Suggest(b.Name, declared, "drop it, or declare and use it there"))
		}
	}
}

// declaredByUsers returns the names of the params that the templates of the
// triggers declare which use a binding, and those that were most likely meant to
// be one; false where a template is not known, or there are no triggers.
func declaredByUsers(binding *facts.Entry) (names map[string]bool, known bool) {
	users := binding.BindingUsers()
	names = map[string]bool{}
	for _, t := range users {
		spec, _, _ := t.TemplateOf()
		if spec == nil {
			return nil, false
		}
		for _, name := range t.TemplateParams() {
			names[name] = true
		}
		given, _ := t.Supply()
		for _, i := range t.Unsupplied() { // told as a param that is missing
			var extra []string
			for _, b := range given {
				if !names[b.Name] {
					extra = append(extra, b.Name)
				}
			}
			names[suggest.Name(spec.Params[i].Name, extra)] = true
		}
	}
	return names, len(users) > 0
}
