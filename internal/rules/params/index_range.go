package params

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed index-range.md
var indexRangeText string

var indexRange = &rule.Rule{
	Code:     "index-range",
	Severity: diag.Error,
	Topic:    "params",
	Text:     indexRangeText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Params, rule.Results, rule.Passing},
	Run: func(p *rule.Pass) {
		problems := p.Entry.Problems()
		for i := range problems {
			if problems[i].Kind == facts.BeyondDefault {
				beyondDefault(p, &problems[i])
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				u := &uses[i]
				if u.Fault != facts.UnknownLength || p.Again(s, u.Var.Owner+" "+u.Var.Name, u.Spot) {
					continue
				}
				p.Note(u.Spot, u.Var.Name, u.String()+" reads an item of an array whose length is unknown until run time; the run fails if it is too short", "")
			}
		}
		passings(p, func(in *facts.Passing, r *reporter) {
			in.Each(func(i int, v *v1.Param, target *facts.Param) {
				if target != nil && target.Type == v1.ParamTypeArray && facts.ValueKind(&v.Value) == v1.ParamTypeArray {
					passedItems(in, r, i, &v.Value, target)
				}
			})
		})
	},
}

// beyondDefault reports an item that the default of a param does not have, or its value
// in a run. It is an error if it is a value, or if a checked object uses the default.
func beyondDefault(p *rule.Pass, pr *facts.Problem) {
	d, severity := pr.Param, diag.Warning
	if d.Given {
		p.Error(pr.Spot, d.Name, pr.Match.String()+" is out of range: "+d.Scope().Owner+" sets param "+phrase.Quote(d.Name)+" to "+phrase.Count(d.Length(), "item"),
			"lower the index, or add items to the value", declaredAs(d))
		return
	}
	related := []diag.Related{declaredAs(d)}
	for _, in := range p.Set.Keeping(d) {
		severity = diag.Error
		if in.At.Entry != d.Use().IndexAt.Entry && len(related) < 5 {
			related = append(related, in.Missing.Related(in.From+" uses the default"))
		}
	}
	p.Add(pr.Spot, severity, d.Name, pr.Match.String()+" is out of range: the default of param "+phrase.Quote(d.Name)+" has "+phrase.Count(d.Length(), "item"),
		"lower the index, or add items to the default", related...)
}

func passedItems(in *facts.Passing, r *reporter, i int, v *v1.ParamValue, target *facts.Param) {
	use, n := target.Use(), len(v.ArrayVal)
	if use.MaxIndex < n || slices.ContainsFunc(v.ArrayVal, tekref.Contains) {
		return
	}
	r.report(in.Spot(i).Field("value"), diag.Error, target.Name,
		in.From+" sets param "+phrase.Quote(target.Name)+" to "+phrase.Count(n, "item")+", but index "+phrase.Itoa(use.MaxIndex)+" is read",
		"pass more items; indexes start at 0", use.IndexAt.Related("index "+phrase.Itoa(use.MaxIndex)+" is read here"))
}
