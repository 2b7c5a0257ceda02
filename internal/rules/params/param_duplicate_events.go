package params

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// suppliedTwice reports params that a binding lists twice, or that two bindings of a
// trigger set.
func suppliedTwice(p *rule.Pass) {
	params := p.Entry.BindingParams()
	index := map[string]int{}
	for i, b := range params {
		if j, ok := index[b.Name]; ok && b.Name != "" {
			twice(p, p.At("spec"), diag.Error, i, j, b.Name)
		} else {
			index[b.Name] = i
		}
	}
	for _, t := range p.Entry.Triggers() {
		given, _ := t.Supply()
		firsts := make(map[string]*facts.BindingParam, len(given))
		for _, b := range given {
			first := firsts[b.Name]
			switch {
			case first == nil:
				firsts[b.Name] = b
			case b.Binding == nil || b.Binding != first.Binding: // otherwise the binding itself is wrong, or is listed twice
				p.Error(t.Spot.Field("bindings"), b.Name, t.Label+" gets param "+phrase.Quote(b.Name)+" from "+first.By+" and from "+b.By+", so every event fails",
					"remove one of them", first.Spot.Related("the first value"), b.Spot.Related("the second value"))
			}
		}
		listedTwice(p, t)
	}
}

// listedTwice reports a binding that a trigger lists twice.
func listedTwice(p *rule.Pass, t *facts.Trigger) {
	listed := map[*facts.Entry]int{}
	for i, b := range t.Bindings {
		e := t.BindingOf(b)
		if e == nil || len(e.Event.Binding.Params) == 0 {
			continue
		}
		first, twice := listed[e]
		if !twice {
			listed[e] = i
			continue
		}
		p.Error(t.Spot.Index("bindings", i), b.Ref, t.Label+" lists "+e.Ref.String()+" twice, so every event fails", "remove one of them",
			t.Spot.Index("bindings", first).Related("first listed here"))
	}
}
