package phrase

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// An Assumption is the assumption that a run refers to a Pipeline by a misspelled
// name. A finding that depends on it is at most a warning, and has a related position
// that names the Pipeline. The zero value means that nothing is assumed.
type Assumption struct {
	at   facts.Spot
	name string
}

// RunPipeline returns the pipeline of the PipelineRun of the pass. If it is not among
// the checked objects, RunPipeline returns the one with the most similar name, and an
// Assumption. It returns nil if there is no such pipeline either.
func RunPipeline(p *rule.Pass) (*facts.PipelineSpec, Assumption) {
	if s := p.Entry.RunPipeline(); s != nil {
		return s, Assumption{}
	}
	meant := p.Entry.SupposedPipeline()
	if meant == nil || p.Profile.HasObject("Pipeline", p.Entry.Ref.Namespace, p.Entry.Run.Spec.PipelineRef.Name) {
		return nil, Assumption{}
	}
	return meant, Assumption{p.At("spec", "pipelineRef", "name"), meant.Entry().Ref.Name}
}

// Severity returns severity, or Warning if that is less severe and a is not zero.
func (a Assumption) Severity(severity diag.Severity) diag.Severity {
	if a.at.IsValid() {
		return max(severity, diag.Warning)
	}
	return severity
}

// Related returns related, followed by the position of the reference if a is not zero.
func (a Assumption) Related(related ...diag.Related) []diag.Related {
	if !a.at.IsValid() {
		return related
	}
	return append(slices.Clip(related), a.at.Related("this most likely means Pipeline "+Quote(a.name)))
}
