// Package params has the rules about params: their declarations, the values that
// are passed, and the variables that read them.
package params

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	defaultUnreplaced,
	enumInvalid,
	indexRange,
	keyMissing,
	keyUnknown,
	paramDuplicate,
	paramExtra,
	paramMissing,
	paramShadowed,
	paramType,
	paramUnknown,
	paramUnused,
	valueMissing,
}

// declarations calls visit for the declared params of each Task spec and each
// pipeline spec of the object.
func declarations(p *rule.Pass, visit func(*facts.ParamScope)) {
	for _, t := range p.Entry.TaskSpecs() {
		visit(t.Params)
	}
	for _, s := range p.Entry.PipelineSpecs() {
		visit(s.Params)
	}
}

// passings calls visit for the values that the object passes to declared params. If
// the target is only a guess, findings are at most warnings, and mention it.
func passings(p *rule.Pass, visit func(*facts.Passing, *reporter)) {
	for _, in := range p.Entry.Passings() {
		if p.Stopped() {
			return
		}
		r := &reporter{Pass: p}
		if in.Supposed {
			ref := p.Entry.Run.Spec.PipelineRef.Name
			if p.Profile.HasObject("Pipeline", p.Entry.Ref.Namespace, ref) {
				continue
			}
			meant := p.At("spec", "pipelineRef", "name").Related("this most likely means " + in.Target.Owner)
			r.meant = &meant
		}
		visit(in, r)
	}
}

// reporter reports findings about values that are passed.
type reporter struct {
	*rule.Pass
	meant *diag.Related // the guessed target; nil if it is known
}

func (r *reporter) report(at facts.Spot, severity diag.Severity, subject, message, help string, related ...diag.Related) rule.Reported {
	if r.meant != nil {
		severity, related = max(severity, diag.Warning), append(related, *r.meant)
	}
	return r.Add(at, severity, subject, message, help, related...)
}

// duplicates calls visit for each declaration whose name is already declared.
func duplicates(ps *facts.ParamScope, visit func(first, again *facts.Param)) {
	for _, d := range ps.List {
		if first := ps.Own(d.Name); first != d {
			visit(first, d)
		}
	}
}

// first calls visit for the first declaration of each name.
func first(ps *facts.ParamScope, visit func(*facts.Param)) {
	for _, d := range ps.List {
		if ps.Own(d.Name) == d {
			visit(d)
		}
	}
}
