package runs

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed debug-invalid.md
var debugInvalidText string

var debugInvalid = &rule.Rule{
	Code:     "debug-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     debugInvalidText,
	Kinds:    []string{"TaskRun"},
	Run: func(p *rule.Pass) {

		run := p.Entry.TaskRun
		if run == nil || run.Spec.Debug == nil || run.Spec.Debug.Breakpoints == nil {
			return
		}
		b, s := run.Spec.Debug.Breakpoints, p.At("spec", "debug", "breakpoints")
		if on := b.OnFailure; on != v1.EnabledOnFailureBreakpoint {
			p.Error(s.Field("onFailure"), on, "the onFailure breakpoint is "+phrase.Quote(on)+", but must be \"enabled\"", "set onFailure: enabled, or remove it")
		}
		seen := map[string]int{}
		for i, step := range b.BeforeSteps {
			if first, ok := seen[step]; ok {
				p.Error(s.Index("beforeSteps", i), step, "beforeSteps lists step "+phrase.Quote(step)+" twice", "remove one of them", s.Index("beforeSteps", first).Related("first listed here"))
				continue
			}
			seen[step] = i
		}
	},
}
