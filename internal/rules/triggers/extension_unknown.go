package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed extension-unknown.md
var extensionUnknownText string

var extensionUnknown = &rule.Rule{
	Code:     "extension-unknown",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     extensionUnknownText,
	Kinds:    slices.Concat(triggerKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			extensionsRead(p, t.Chain(), t.Incoming())
			for _, b := range t.OwnParams() {
				extensionsTaken(p, b, []*facts.Trigger{t})
			}
		}
		for _, g := range p.Entry.TriggerGroups() {
			extensionsRead(p, g.Chain, make([]facts.Extensions, 1))
		}
		if params := p.Entry.BindingParams(); len(params) > 0 {
			users := p.Entry.BindingUsers()
			for _, b := range params {
				extensionsTaken(p, b, users)
			}
		}
	},
}

// extensionsRead reports the extensions that the expressions of CEL interceptors
// read and that are not there. Each interceptor sees what those before it added.
func extensionsRead(p *rule.Pass, chain []*facts.Interceptor, sets []facts.Extensions) {
	for _, x := range chain {
		if params := x.Params(); params != nil {
			extensionsIn(p, x, x.Param("filter"), params.Filter, sets)
			for _, o := range x.Overlays() {
				extensionsIn(p, x, o.Spot.Field("expression"), o.Expression, sets)
			}
		}
		for i := range sets {
			sets[i].Add(x)
		}
	}
}

// extensionsIn reports those that one expression of an interceptor reads.
func extensionsIn(p *rule.Pass, x *facts.Interceptor, s facts.Spot, expr string, sets []facts.Extensions) {
	for _, path := range celenv.Extensions(expr) {
		before := lacks(sets, path)
		if before == nil {
			continue
		}
		text := "extensions." + path
		help := "set it in an overlay of an earlier interceptor, or ask for it first with has(" + text + ")"
		var own facts.Extensions
		for _, o := range x.Overlays() {
			own.Added = append(own.Added, facts.Extension{Path: o.Key})
		}
		if own.Has(path) {
			help = "overlays of one interceptor do not see each other: make two interceptors of it"
		}
		part := text
		if !strings.Contains(expr, text) {
			part = "extensions"
		}
		p.Error(s.Of(part), path, text+" is set by no interceptor before it, so every event fails", phrase.Suggest(path, before.Names(), help))
	}
}

// extensionsTaken reports the extensions that a param of a binding takes and that
// do not reach a trigger which uses the binding. Each is told once, however many
// ways lead there. The value may have a default in the template.
func extensionsTaken(p *rule.Pass, b *facts.BindingParam, users []*facts.Trigger) {
	const help = "set it in an overlay of a CEL interceptor, or take it from body or header"
	takes := b.Takes()
	for i := range takes {
		x := &takes[i]
		if x.Open || x.Err != nil || len(x.Path.Fields) < 2 || x.Path.Fields[0] != "extensions" ||
			slices.ContainsFunc(takes[:i], func(o facts.Taken) bool { return o.Text == x.Text }) {
			continue
		}
		path := strings.Join(x.Path.Fields[1:], ".")
		for _, t := range users {
			before := lacks(t.Outgoing(), path)
			if before == nil {
				continue
			}
			message := x.Text + " is set by no interceptor before it"
			if hasDefault(t, b.Name) {
				p.Warning(b.Spot.Of(x.Text), path, message+", so the template's default holds for every event", phrase.Suggest(path, before.Names(), help))
			} else {
				p.Error(b.Spot.Of(x.Text), path, message+", so every event fails", phrase.Suggest(path, before.Names(), help))
			}
			break
		}
	}
}

// lacks returns the first set that does not have a path, nil if all have it.
func lacks(sets []facts.Extensions, path string) *facts.Extensions {
	for i := range sets {
		if !sets[i].Has(path) {
			return &sets[i]
		}
	}
	return nil
}

// hasDefault reports whether the template of a trigger has a default for a param.
func hasDefault(t *facts.Trigger, name string) bool {
	spec, _, _ := t.TemplateOf()
	has := false
	for i := 0; spec != nil && i < len(spec.Params); i++ {
		if spec.Params[i].Name == name {
			has = spec.Params[i].Default != nil
		}
	}
	return has
}
