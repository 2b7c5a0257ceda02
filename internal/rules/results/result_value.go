package results

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-value.md
var resultValueText string

var resultValue = &rule.Rule{
	Code:     "result-value",
	Severity: diag.Error,
	Topic:    "results",
	Text:     resultValueText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			if len(s.Spec.Results) > 0 {
				resultValues(p, s)
			}
		}
	},
}

// resultValues reports values of pipeline results in which Tekton finds no task
// result.
func resultValues(p *rule.Pass, s *facts.PipelineSpec) {
	faulty := faultyValues(s)
	for i := range s.Spec.Results {
		if faulty[i] {
			continue
		}
		r, at := &s.Spec.Results[i], s.Spot.Index("results", i).Field("value")
		switch {
		case !readsTask(s, i):
			p.Error(at, r.Name, "the value of result "+phrase.Quote(r.Name)+" does not refer to a task result, so Tekton rejects the Pipeline", "use $(tasks.TASK.results.RESULT) or, for a task in finally, $(finally.TASK.results.RESULT)")
		case hasTextBefore(&r.Value):
			p.Error(at, r.Name, "the value of result "+phrase.Quote(r.Name)+" has text before its first variable, which Tekton rejects", "remove the text before the variable, or let a task write the whole value as a result")
		}
	}
}

// readsTask reports whether the value of a pipeline result reads a task result.
func readsTask(s *facts.PipelineSpec, i int) bool {
	return slices.ContainsFunc(s.ResultUses(i), func(u facts.Use) bool { return u.Var.Kind == tekref.TaskResult || u.Var.Kind == tekref.FinallyResult })
}

// hasTextBefore reports whether a value is a string with text before its first
// variable.
func hasTextBefore(v *v1.ParamValue) bool {
	return facts.ValueKind(v) == v1.ParamTypeString && !strings.HasPrefix(v.StringVal, "$")
}

// faultyValues returns the indexes of the pipeline results whose values have a faulty
// variable, or read a task that may be skipped. Further findings about such a value
// would only be consequences.
func faultyValues(s *facts.PipelineSpec) map[int]bool {
	var faulty map[int]bool
	add := func(i int) {
		if faulty == nil {
			faulty = map[int]bool{}
		}
		faulty[i] = true
	}
	for i := range s.Spec.Results {
		uses := s.ResultUses(i)
		for j := range uses {
			u := &uses[j]
			switch {
			case u.Open:
			case u.Var.Kind == tekref.None:
				if _, ok := tekref.Misspelled(u.Expr); ok {
					add(i)
				}
			case u.Var.Fault != "" || u.Var.Kind != tekref.TaskResult && u.Var.Kind != tekref.FinallyResult:
				add(i)
			}
		}
	}
	uses := s.TaskUses()
	for i := len(uses) - 1; i >= 0 && uses[i].Reader == nil; i-- {
		if u := &uses[i]; u.Fault != facts.NoFault || u.FirstItem() || len(u.Owner.When) > 0 {
			add(u.Index)
		}
	}
	return faulty
}
