// Package params has the rules about params: what is declared, what is passed,
// and what reads it.
package params

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
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

// declarations calls visit for each list of declared params of the object, of
// which a Task spec or a pipeline spec is the owner.
func declarations(p *rule.Pass, visit func(*facts.ParamScope)) {
	for _, t := range p.Entry.TaskSpecs() {
		visit(t.Params)
	}
	for _, s := range p.Entry.PipelineSpecs() {
		visit(s.Params)
	}
}

// passings calls visit for what the object hands to declared params. What is
// supposed to be meant is a warning at most, and says so.
func passings(p *rule.Pass, visit func(*facts.Passing, *reporter)) {
	for _, in := range p.Entry.Passings() {
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

// reporter reports what is wrong with values that are passed.
type reporter struct {
	*rule.Pass
	meant *diag.Related // what the target is supposed to be; nil if it is known
}

func (r *reporter) report(at facts.Spot, severity diag.Severity, subject, message, help string, related ...diag.Related) {
	if r.meant != nil {
		severity, related = max(severity, diag.Warning), append(related, *r.meant)
	}
	r.Add(at, severity, subject, message, help, related...)
}

// duplicate calls visit for each declaration whose name is declared before.
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
