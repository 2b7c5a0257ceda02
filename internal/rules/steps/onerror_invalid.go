package steps

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed onerror-invalid.md
var onErrorInvalidText string

var onErrorInvalid = &rule.Rule{
	Code:     "onerror-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     onErrorInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind == facts.Step {
				onError(p, c.Spot, string(c.Step.OnError), c.Label)
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				onError(p, t.Spot, string(t.OnError), t.Label)
				if t.OnError == v1.PipelineTaskContinue && t.Retries > 0 {
					p.Error(t.Spot.Field("onError"), t.Name, t.Label+" has both retries and onError: continue, which Tekton rejects",
						"remove one of them; to get both effects, keep onError: continue and retry the command in a loop in the script, or, if the script is not yours, keep retries and move the tasks that must run after a failure to finally")
				}
			}
		}
	},
}

// onError reports an unknown value of onError.
func onError(p *rule.Pass, s facts.Spot, value, label string) {
	if value == "" || value == string(v1.Continue) || value == string(v1.StopAndFail) || strings.HasPrefix(value, "$(params") {
		return
	}
	p.Error(s.Field("onError"), value, "onError of "+label+" has the unknown value "+phrase.Quote(value), phrase.OneOf(value, []string{"continue", "stopAndFail"}))
}
