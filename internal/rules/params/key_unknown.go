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
			switch uses := pr.Match.String() + " uses key " + phrase.Quote(pr.Var.Key); pr.Kind {
			case facts.UnknownKey:
				p.Error(pr.Spot, pr.Var.Key, uses+", which param "+phrase.Quote(pr.Param.Name)+" does not have",
					phrase.OneOf(pr.Var.Key, pr.Param.Keys), declaredAs(pr.Param)).Misspelled(pr.Var.Key, pr.Param.Keys)
			case facts.TwinKey:
				p.Error(pr.Spot, pr.Var.Key, uses+", which param "+phrase.Quote(pr.Var.Name)+" of the pipeline does not have; Tekton checks the key against both params",
					"rename the param of "+pr.Label+", or declare the key in both", pr.Param.Spot.Related("the pipeline param"))
			}
		}
		sorted := map[any][]string{} // the keys of a result, which many variables may misspell
		resultKey := func(result any, u *facts.Use, keys map[string]v1.PropertySpec, effect string) {
			names, ok := sorted[result]
			if !ok {
				names = slices.Sorted(maps.Keys(keys))
				sorted[result] = names
			}
			p.Error(u.Spot, u.Var.Key, u.String()+" uses key "+phrase.Quote(u.Var.Key)+", which result "+phrase.Quote(u.Var.Name)+" does not have"+effect,
				phrase.OneOf(u.Var.Key, names)).Misspelled(u.Var.Key, names)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.UnknownResultKey {
					resultKey(u.Result, u.Use, u.Result.Properties, ", so it is passed on unreplaced")
				}
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.StepUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.UnknownResultKey {
					resultKey(u.Result, u.Use, u.Result.Properties, "")
				}
			}
		}
	},
}
