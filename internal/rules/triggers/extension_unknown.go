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
				extensionsUsed(p, b, []*facts.Trigger{t})
			}
		}
		for _, g := range p.Entry.TriggerGroups() {
			extensionsRead(p, g.Chain, make([]facts.Extensions, 1))
		}
		if params := p.Entry.BindingParams(); len(params) > 0 {
			users := p.Entry.BindingUsers()
			for _, b := range params {
				extensionsUsed(p, b, users)
			}
		}
	},
}

// extensionsRead reports unknown extensions in the expressions of CEL interceptors.
// Each interceptor sees the extensions that those before it add.
func extensionsRead(p *rule.Pass, chain []*facts.Interceptor, sets []facts.Extensions) {
	for _, x := range chain {
		if params := x.Params(); params != nil {
			var own facts.Extensions
			own.Add(x)
			extensionsIn(p, &own, x.Param("filter"), params.Filter, sets)
			for _, o := range x.Overlays() {
				extensionsIn(p, &own, o.Spot.Field("expression"), o.Expression, sets)
			}
		}
		for i := range sets {
			sets[i].Add(x)
		}
	}
}

// extensionsIn reports unknown extensions in one expression of an interceptor, which
// itself adds own.
func extensionsIn(p *rule.Pass, own *facts.Extensions, s facts.Spot, expr string, sets []facts.Extensions) {
	for _, path := range celenv.Extensions(expr) {
		before := lacks(sets, path)
		if before == nil {
			continue
		}
		text := "extensions." + path
		if key := strings.ReplaceAll(path, `\.`, "."); key != path {
			text = "extensions['" + key + "']"
		}
		help := "set it in an overlay of an earlier interceptor, or test has(" + text + ") first"
		if own.Has(path) {
			help = "split this into two interceptors: overlays of one interceptor do not see each other"
		}
		part := text
		if !strings.Contains(expr, text) {
			part = "extensions"
		}
		p.Error(s.Of(part), path, "no earlier interceptor sets "+text+", so every event fails", phrase.Suggest(path, before.Names(), help)).Misspelled(path, before.Names())
	}
}

// extensionsUsed reports the extensions that a param of a binding reads and that
// are missing in a trigger which uses the binding. Each is reported once, however
// many triggers there are. The param may have a default in the template.
func extensionsUsed(p *rule.Pass, b *facts.BindingParam, users []*facts.Trigger) {
	const help = "set it in an overlay of a CEL interceptor, or read body or header instead"
	takes := b.Takes()
	seen := map[string]bool{}
	for i := range takes {
		x := &takes[i]
		if x.Open || x.Err != nil || len(x.Path.Fields) < 2 || x.Path.Fields[0] != "extensions" || seen[x.Text] {
			continue
		}
		seen[x.Text] = true
		path := facts.ExtensionPath(x.Path.Fields[1:])
		for _, t := range users {
			before := lacks(t.Outgoing(), path)
			if before == nil {
				continue
			}
			message := "no interceptor sets " + x.Text
			if t.HasDefault(b.Name) {
				p.Warning(b.Spot.Of(x.Text), path, message+", so every event uses the default in the TriggerTemplate", phrase.Suggest(path, before.Names(), help)).Misspelled(path, before.Names())
			} else {
				p.Error(b.Spot.Of(x.Text), path, message+", so every event fails", phrase.Suggest(path, before.Names(), help)).Misspelled(path, before.Names())
			}
			break
		}
	}
}

// lacks returns the first set that does not have a path; nil if all have it.
func lacks(sets []facts.Extensions, path string) *facts.Extensions {
	for i := range sets {
		if !sets[i].Has(path) {
			return &sets[i]
		}
	}
	return nil
}
