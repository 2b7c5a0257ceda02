package facts

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// SecurityContext returns what a step or a sidecar has as its security context in the
// pod: its own, which is that of its StepAction if it has one, with the fields that it
// lacks from the step template. It returns false if the StepAction is not known, and
// for what is not a container of a pod.
func (c *Container) SecurityContext() (corev1.SecurityContext, bool) {
	var out corev1.SecurityContext
	own := c.Security
	switch {
	case c.Kind == Sidecar:
	case c.Kind != Step:
		return out, false
	case c.Step.Ref != nil:
		action := c.Task.ActionOf(c.Step)
		if action == nil {
			return out, false
		}
		own = action.StepAction.Spec.SecurityContext
	}
	if own != nil {
		out = *own
	}
	if t := c.Task.Spec.StepTemplate; c.Kind == Step && t != nil && t.SecurityContext != nil {
		inherit(&out, t.SecurityContext)
	}
	return out, true
}

// inherit gives a security context the fields that it lacks. Those of capabilities and
// of the seccomp profile are single fields, too.
func inherit(out, from *corev1.SecurityContext) {
	out.Privileged = either(out.Privileged, from.Privileged)
	out.AllowPrivilegeEscalation = either(out.AllowPrivilegeEscalation, from.AllowPrivilegeEscalation)
	out.ReadOnlyRootFilesystem = either(out.ReadOnlyRootFilesystem, from.ReadOnlyRootFilesystem)
	out.RunAsNonRoot = either(out.RunAsNonRoot, from.RunAsNonRoot)
	out.RunAsUser = either(out.RunAsUser, from.RunAsUser)
	out.RunAsGroup = either(out.RunAsGroup, from.RunAsGroup)
	if p := out.SeccompProfile; p == nil || p.Type == "" {
		out.SeccompProfile = either(out.SeccompProfile, from.SeccompProfile)
	}
	switch {
	case out.Capabilities == nil:
		out.Capabilities = from.Capabilities
	case from.Capabilities != nil:
		both := *out.Capabilities
		if len(both.Add) == 0 {
			both.Add = from.Capabilities.Add
		}
		if len(both.Drop) == 0 {
			both.Drop = from.Capabilities.Drop
		}
		out.Capabilities = &both
	}
}

// PodSecurity is what all known runs of a Task spec set for its pods, which counts for
// each container that does not set it itself.
type PodSecurity struct {
	Runs       int  // how many are known
	NonRoot    bool // runAsNonRoot, or a user namespace, in which root is another user
	Namespaced bool // a user namespace, in which root of a container is another user, too
	Seccomp    bool // a seccomp profile that restricts
}

// podCounts counts the runs that set what a [PodSecurity] has.
type podCounts struct{ runs, nonRoot, namespaced, seccomp int }

func (c *podCounts) add(n int, security *corev1.PodSecurityContext, hostUsers *bool) {
	c.runs += n
	namespaced := hostUsers != nil && !*hostUsers
	if namespaced {
		c.namespaced += n
	}
	if namespaced || security != nil && security.RunAsNonRoot != nil && *security.RunAsNonRoot {
		c.nonRoot += n
	}
	if security != nil && security.SeccompProfile != nil && Restricts(security.SeccompProfile) {
		c.seccomp += n
	}
}

// Restricts reports whether a seccomp profile restricts system calls.
func Restricts(p *corev1.SeccompProfile) bool {
	return p.Type == corev1.SeccompProfileTypeRuntimeDefault || p.Type == corev1.SeccompProfileTypeLocalhost
}

// PodSecurity returns what the runs of the set give to the pods of a Task spec.
func (s *Set) PodSecurity(t *TaskSpec) PodSecurity {
	s.asked(Objects)
	if s.podSecurity == nil {
		s.findPodSecurity()
	}
	c := s.podSecurity[t.Spec]
	if c == nil {
		return PodSecurity{}
	}
	return PodSecurity{
		Runs: c.runs, NonRoot: c.nonRoot == c.runs, Namespaced: c.namespaced == c.runs, Seccomp: c.seccomp == c.runs,
	}
}

func (s *Set) findPodSecurity() {
	s.podSecurity = map[*v1.TaskSpec]*podCounts{}
	of := func(spec *v1.TaskSpec) *podCounts {
		if s.podSecurity[spec] == nil {
			s.podSecurity[spec] = &podCounts{}
		}
		return s.podSecurity[spec]
	}
	// The runs of a Pipeline are counted first, and its tasks are visited once.
	pipelines := map[*PipelineSpec]*podCounts{}
	for _, e := range s.All() {
		switch {
		case e.Run != nil:
			p := e.RunPipeline()
			if p == nil {
				continue
			}
			if pipelines[p] == nil {
				pipelines[p] = &podCounts{}
			}
			general := e.Run.Spec.TaskRunTemplate.PodTemplate
			pipelines[p].add(1, podSecurity(general), hostUsers(general))
			for i := range e.Run.Spec.TaskRunSpecs {
				o := &e.Run.Spec.TaskRunSpecs[i]
				t := p.byName[o.PipelineTaskName]
				if o.PodTemplate == nil || t == nil || t.Runs.Spec == nil {
					continue
				}
				c, security, users := of(t.Runs.Spec), podSecurity(general), hostUsers(general)
				c.add(-1, security, users)
				c.add(1, either(o.PodTemplate.SecurityContext, security), either(o.PodTemplate.HostUsers, users))
			}
		case e.TaskRun != nil:
			if spec := e.RunTask().Spec; spec != nil {
				of(spec).add(1, podSecurity(e.TaskRun.Spec.PodTemplate), hostUsers(e.TaskRun.Spec.PodTemplate))
			}
		}
	}
	for p, runs := range pipelines {
		for _, t := range p.Tasks {
			if t.Runs.Spec == nil {
				continue
			}
			c := of(t.Runs.Spec)
			c.runs += runs.runs
			c.nonRoot += runs.nonRoot
			c.namespaced += runs.namespaced
			c.seccomp += runs.seccomp
		}
	}
}

func podSecurity(t *pod.PodTemplate) *corev1.PodSecurityContext {
	if t == nil {
		return nil
	}
	return t.SecurityContext
}

func hostUsers(t *pod.PodTemplate) *bool {
	if t == nil {
		return nil
	}
	return t.HostUsers
}

// either returns a, or b if a is nil.
func either[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}
