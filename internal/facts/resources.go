package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// SetsResources reports whether a run of the set sets computeResources for the Task spec
// or for its steps, or a LimitRange of the set gives its containers defaults.
func (s *Set) SetsResources(t *TaskSpec) bool {
	s.asked(Objects)
	if s.withResources == nil {
		s.findResources()
	}
	return s.withResources[t.Spec] || slices.ContainsFunc(s.limited, func(namespace string) bool {
		return SameNamespace(namespace, t.Spot.Entry.Ref.Namespace)
	})
}

func (s *Set) findResources() {
	s.withResources = map[*v1.TaskSpec]bool{}
	for _, e := range s.All() {
		switch {
		case e.Run != nil:
			s.runResources(e)
		case e.TaskRun != nil:
			if spec := &e.TaskRun.Spec; spec.ComputeResources != nil || len(spec.StepSpecs) > 0 {
				s.withResources[e.RunTask().Spec] = true
			}
		}
		if limits, ok := e.Kube.(*corev1.LimitRange); ok && slices.ContainsFunc(limits.Spec.Limits, func(l corev1.LimitRangeItem) bool {
			return l.Type == corev1.LimitTypeContainer && (len(l.DefaultRequest) > 0 || len(l.Default) > 0)
		}) {
			s.limited = append(s.limited, e.Ref.Namespace)
		}
	}
}

// runResources adds the Task specs for which a PipelineRun sets resources.
func (s *Set) runResources(e *Entry) {
	specs := e.Run.Spec.TaskRunSpecs
	if len(specs) == 0 {
		return
	}
	p := e.RunPipeline()
	if p == nil {
		return
	}
	for i := range specs {
		if o := &specs[i]; o.ComputeResources != nil || len(o.StepSpecs) > 0 {
			if t := p.byName[o.PipelineTaskName]; t != nil && t.Runs.Spec != nil {
				s.withResources[t.Runs.Spec] = true
			}
		}
	}
}
