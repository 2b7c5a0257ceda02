package facts

import v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

// memoApart keeps [PipelineSpec.IsApart].
type memoApart struct {
	apart map[*PipelineSpec]*apartVolumes
}

// apartVolumes counts the runs of a pipeline, and those that bind each workspace to a volume
// through which tasks share no files.
type apartVolumes struct {
	runs  int
	bound map[string]int
}

// IsApart reports whether tasks cannot change files for each other in a workspace: all runs of
// the pipeline in the set bind it to a volume that cannot be written to, or of which each task
// has its own.
func (p *PipelineSpec) IsApart(name string) bool {
	if w := p.RunBinding(name); w != nil {
		return isApart(w)
	}
	s := p.Set()
	s.asked(Objects)
	if s.apart == nil {
		s.apart = map[*PipelineSpec]*apartVolumes{}
		for _, e := range s.All() {
			if e.Run == nil || e.Run.Spec.PipelineSpec != nil {
				continue
			}
			pipeline := e.RunPipeline()
			if pipeline == nil {
				continue
			}
			v := s.apart[pipeline]
			if v == nil {
				v = &apartVolumes{bound: map[string]int{}}
				s.apart[pipeline] = v
			}
			v.runs++
			for name, w := range s.bindingsOf(e.Run) {
				if isApart(w) {
					v.bound[name]++
				}
			}
		}
	}
	v := s.apart[p]
	return v != nil && v.runs > 0 && v.bound[name] == v.runs
}

func isApart(w *v1.WorkspaceBinding) bool {
	return w.Secret != nil || w.ConfigMap != nil || w.Projected != nil || w.EmptyDir != nil
}
