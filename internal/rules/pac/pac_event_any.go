package pac

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"

	"github.com/tekwright/tekwright/internal/pac"
)

//go:embed pac-event-any.md
var eventAnyText string

// eventAny reports expressions that do not say which kind of event starts the run.
var eventAny = &rule.Rule{
	Code:     "pac-event-any",
	Severity: diag.Note,
	Topic:    "pac",
	Text:     eventAnyText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		if runAnnotations(p) == nil {
			return
		}
		m := matcherOf(p.Entry)
		if m == nil || !m.IsCondition() || m.Mentions("event") || m.Mentions("event_type") || m.Mentions("body") || m.Mentions("headers") {
			return
		}
		p.Report(annotation(p, pac.OnCELExpression), "on-cel-expression does not use event, so both a push and a pull request start the run", `add event == "push" or event == "pull_request"`)
	},
}
