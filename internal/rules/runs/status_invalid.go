package runs

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed status-invalid.md
var statusInvalidText string

var statusInvalid = &rule.Rule{
	Code:     "status-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     statusInvalidText,
	Kinds:    []string{"PipelineRun", "TaskRun", "CustomRun"},
	Run: func(p *rule.Pass) {

		at, name := p.At("spec", "status"), p.Entry.Ref.Name
		switch e := p.Entry; {
		case e.Run != nil:
			status := string(e.Run.Spec.Status)
			unknownStatus(p, status, v1.PipelineRunSpecStatusCancelled, v1.PipelineRunSpecStatusCancelledRunFinally, v1.PipelineRunSpecStatusStoppedRunFinally, v1.PipelineRunSpecStatusPending)
			if e.Run.IsPending() && e.Run.HasStarted() {
				p.Error(at, status, e.Label()+" is pending, but has already started", "remove status")
			}
		case e.TaskRun != nil:
			status := string(e.TaskRun.Spec.Status)
			unknownStatus(p, status, v1.TaskRunSpecStatusCancelled, v1.TaskRunSpecStatusPending)
			if e.TaskRun.IsPending() && e.TaskRun.HasStarted() {
				p.Error(at, status, e.Label()+" is pending, but has already started", "remove status")
			}
			if status == "" && e.TaskRun.Spec.StatusMessage != "" {
				p.Error(p.At("spec", "statusMessage"), name, e.Label()+" has a statusMessage without a status", "remove it; it explains why a run was cancelled")
			}
		case e.CustomRun != nil:
			if e.CustomRun.Spec.Status == "" && e.CustomRun.Spec.StatusMessage != "" {
				p.Error(p.At("spec", "statusMessage"), name, "this CustomRun has a statusMessage without a status", "remove it; it explains why a run was cancelled")
			}
		}
	},
}

// unknownStatus reports a status that does not exist for the kind.
func unknownStatus[T ~string](p *rule.Pass, status string, known ...T) {
	if status == "" {
		return
	}
	names := make([]string, len(known))
	for i, k := range known {
		if names[i] = string(k); names[i] == status {
			return
		}
	}
	p.Error(p.At("spec", "status"), status, phrase.Quote(status)+" is not a valid spec.status of a "+p.Entry.Ref.Kind, phrase.OneOf(status, names)).Misspelled(status, names)
}
