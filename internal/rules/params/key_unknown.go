package params

import (
	_ "embed"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed key-unknown.md
var keyUnknownText string

var keyUnknown = &rule.Rule{
	Code:     "key-unknown",
	Severity: diag.Error,
	Topic:    "params",
	Text:     keyUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Results},
	Run: func(p *rule.Pass) {
		problems := p.Entry.Problems()
		for i := range problems {
			pr := &problems[i]
			switch takes := pr.Match.String() + " takes key " + phrase.Quote(pr.Var.Key); pr.Kind {
			case facts.UnknownKey:
				p.Error(pr.Spot, pr.Var.Key, takes+", which param "+phrase.Quote(pr.Param.Name)+" does not have",
					phrase.OneOf(pr.Var.Key, pr.Param.Keys), declaredAs(pr.Param))
			case facts.TwinKey:
				p.Error(pr.Spot, pr.Var.Key, takes+", which param "+phrase.Quote(pr.Var.Name)+" of the pipeline does not have: Tekton holds the two against each other",
					"rename the param of "+pr.Label+", or declare the key in both", pr.Param.Spot.Related("the param of the pipeline"))
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, r := range s.KnownResults() {
				v := r.Use.Var
				if r.Type != v1.ParamTypeObject || v.Index >= 0 || v.Key == "" || len(r.Result.Properties) == 0 {
					continue
				}
				if _, ok := r.Result.Properties[v.Key]; !ok {
					p.Error(r.Use.Spot, v.Key, r.Use.Match.String()+" takes key "+phrase.Quote(v.Key)+", which result "+phrase.Quote(v.Name)+" does not have: it stays as it is",
						phrase.OneOf(v.Key, slices.Sorted(maps.Keys(r.Result.Properties))))
				}
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			for _, r := range t.StepResultReads() {
				v := r.Use.Var
				if r.Type != v1.ParamTypeObject || v.Index >= 0 || v.Key == "" || r.Result.Properties == nil {
					continue
				}
				if _, ok := r.Result.Properties[v.Key]; !ok {
					p.Error(r.Use.Spot, v.Key, r.Use.Match.String()+" takes key "+phrase.Quote(v.Key)+", which result "+phrase.Quote(v.Name)+" does not have",
						phrase.OneOf(v.Key, slices.Sorted(maps.Keys(r.Result.Properties))))
				}
			}
		}
	},
}
