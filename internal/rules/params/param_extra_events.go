package params

import (
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// unusedOfEvent reports params of a binding that no template declares.
func unusedOfEvent(p *rule.Pass) {
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
			p.Warning(p.At("spec").Index("params", i).Field("name"), b.Name, "no template declares param "+phrase.Quote(b.Name)+" of "+p.Entry.Ref.String()+", so it is ignored",
				"remove it, or declare and use it in the TriggerTemplate")
		}
	}
}

// undeclared reports the params in the bindings of a trigger that its template
// does not declare, except those that are reported as a misspelled missing param.
func undeclared(p *rule.Pass, t *facts.Trigger) {
	spec, _, label := t.TemplateOf()
	if spec == nil {
		return
	}
	given, complete := t.Supply()
	misspelt := map[string]bool{}
	if complete {
		for _, i := range t.Unsupplied() {
			misspelt[t.Meant(spec.Params[i].Name)] = true
		}
	}
	for _, b := range given {
		if b.Binding == nil && !t.TemplateDeclares(b.Name) && !misspelt[b.Name] {
			p.Warning(b.Spot, b.Name, t.Label+" sets param "+phrase.Quote(b.Name)+", which "+label+" does not declare, so it is ignored",
				phrase.Suggest(b.Name, t.TemplateParams(), "remove it, or declare and use it there")).Misspelled(b.Name, t.TemplateParams())
		}
	}
}

// declaredByUsers returns the names of the params that are declared by the templates
// of the triggers that use a binding, and likely misspellings of these. It returns
// false if a template is not known, or if no trigger uses the binding.
func declaredByUsers(binding *facts.Entry) (names map[string]bool, known bool) {
	users := binding.BindingUsers()
	names = map[string]bool{}
	seen := map[*v1beta1.TriggerTemplateSpec]bool{}
	for _, t := range users {
		spec, _, _ := t.TemplateOf()
		if spec == nil {
			return nil, false
		}
		if !seen[spec] { // many triggers may use one template
			seen[spec] = true
			for _, name := range t.TemplateParams() {
				names[name] = true
			}
		}
		given, _ := t.Supply()
		for _, i := range t.Unsupplied() { // reported as a missing param
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
