package phrase

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// A Supposition is the assumption that a run refers to a Pipeline by a misspelled
// name. A finding that depends on it is at most a warning, and mentions the Pipeline
// that was assumed. The zero value assumes nothing.
type Supposition struct {
	at   facts.Spot
	name string
}

// RunPipeline returns the pipeline that the PipelineRun of the pass runs. If that
// one is not among the checked objects, it returns the pipeline whose name is most
// similar, and the Supposition. It returns nil if there is neither.
func RunPipeline(p *rule.Pass) (*facts.PipelineSpec, Supposition) {
	if s := p.Entry.RunPipeline(); s != nil {
		return s, Supposition{}
	}
	meant := p.Entry.SupposedPipeline()
	if meant == nil || p.Profile.HasObject("Pipeline", p.Entry.Ref.Namespace, p.Entry.Run.Spec.PipelineRef.Name) {
		return nil, Supposition{}
	}
	return meant, Supposition{p.At("spec", "pipelineRef", "name"), meant.Entry().Ref.Name}
}

// Severity returns the severity, lowered to a warning if s is not zero.
func (s Supposition) Severity(severity diag.Severity) diag.Severity {
	if s.at.IsValid() {
		return max(severity, diag.Warning)
	}
	return severity
}

// Related returns the related places, with one for s if it is not zero.
func (s Supposition) Related(related ...diag.Related) []diag.Related {
	if !s.at.IsValid() {
		return related
	}
	return append(slices.Clip(related), s.at.Related("this most likely means Pipeline "+Quote(s.name)))
}
