package facts

import "github.com/tekwright/tekwright/internal/nearest"

// MeantPipeline returns the Pipeline that a PipelineRun most likely means, if the
// one that it refers to is not in the set, and surely a misspelt one; nil
// otherwise.
func (e *Entry) MeantPipeline() *PipelineSpec {
	if e.Run == nil {
		return nil
	}
	ref := e.Run.Spec.PipelineRef
	if ref == nil || e.Run.Spec.PipelineSpec != nil || !named(ref.Name, ref.Resolver, ref.Params) ||
		e.set.Find("Pipeline", e.Ref.Namespace, ref.Name, e) != nil {
		return nil
	}
	meant := nearest.Version(ref.Name, e.set.Names("Pipeline"))
	if meant == "" || !nearest.IsMisspelt(ref.Name, []string{meant}) {
		return nil
	}
	if found := e.set.Find("Pipeline", e.Ref.Namespace, meant, e); found != nil {
		return found.PipelineSpec()
	}
	return nil
}
