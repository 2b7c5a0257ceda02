package phrase

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Supposition says that a run refers to a Pipeline that is not in the set, and
// surely means another one. What is found of the run and that Pipeline together is
// a warning then, and says so. The zero value supposes nothing.
type Supposition struct {
	at   facts.Spot
	name string
}

// RunPipeline returns the pipeline that the PipelineRun of a pass runs, or else
// the one that it surely means, and nil if there is neither.
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

// Severity returns the severity, but at most a warning if something is supposed.
func (s Supposition) Severity(severity diag.Severity) diag.Severity {
	if s.at.IsValid() {
		return max(severity, diag.Warning)
	}
	return severity
}

// Related returns the related places, and what is supposed.
func (s Supposition) Related(related ...diag.Related) []diag.Related {
	if !s.at.IsValid() {
		return related
	}
	return append(slices.Clip(related), s.at.Related("this most likely means Pipeline "+Quote(s.name)))
}
