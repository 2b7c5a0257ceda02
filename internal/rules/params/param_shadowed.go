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

//go:embed param-shadowed.md
var paramShadowedText string

// paramShadowed checks the values that a task passes to those params of its embedded
// spec that the pipeline declares as well. Tekton writes these values into the steps
// along with the params of the pipeline, before any other task has run. Later it
// replaces fewer kinds of variables there than in params.
var paramShadowed = &rule.Rule{
	Code:     "param-shadowed",
	Severity: diag.Error,
	Topic:    "params",
	Text:     paramShadowedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Params, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Inner != nil {
					shadowed(p, t)
				}
			}
		}
	},
}

func shadowed(p *rule.Pass, t *facts.PipelineTask) {
	for i := range t.Params {
		v := &t.Params[i]
		own, twin := t.Runs.Params.Own(v.Name), t.Pipeline.Params.Find(v.Name)
		if own == nil || twin == nil || own.Type != twin.Type || !own.Use().Used {
			continue
		}
		report := func(s facts.Spot, expr, effect string) {
			whose := "the pipeline"
			if twin.Given {
				whose = "the run"
			}
			p.Error(s, own.Name, t.Label+" passes "+expr+" to param "+phrase.Quote(own.Name)+" of its taskSpec, but "+whose+" also has a param with that name: "+effect,
				"rename the param of "+t.Runs.Label, own.Spot.Related(t.Runs.Label+" declares it"), twin.Spot.Related("the param of "+whose))
		}
		s := t.Spot.Index("params", i).Field("value")
		if r, ok := facts.Alone(v.Value.StringVal); ok && r.Kind == tekref.TaskResult && r.Star && own.Type != v1.ParamTypeString {
			if own.Type != v1.ParamTypeObject || slices.ContainsFunc(own.Use().Keys, func(key string) bool { return gives(twin, key) }) {
				report(s.Of(r.String()), r.String(), "the steps get its value, or nothing")
			}
			continue
		}
		uses := facts.UsesIn(&v.Value, s)
		for j := range uses {
			if u := &uses[j]; u.Var.Fault == "" && !u.Open && !u.Escaped && late(u.Var) {
				report(u.Spot, u.Match.String(), "the steps get the literal text")
			}
		}
	}
}

// gives reports whether an object has a value to write where the key is read. Its
// other keys are replaced later, with the result.
func gives(d *facts.Param, key string) bool {
	return key == "" || len(d.Keys) == 0 || d.HasKey(key)
}

// late reports whether a variable is replaced only in the params of a task.
func late(v tekref.Variable) bool {
	switch v.Kind {
	case tekref.TaskResult:
		return v.Index >= 0
	case tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength:
		return true
	case tekref.Context:
		return v.Owner == "pipelineTask"
	}
	return false
}
