package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
)

// fsGroup sets the group of a pod's volumes, and when it is changed.
func fsGroup(t **pod.Template, id *int64, policy *corev1.PodFSGroupChangePolicy) {
	if id == nil && policy == nil {
		return
	}
	if *t == nil {
		*t = &pod.Template{}
	}
	if (*t).SecurityContext == nil {
		(*t).SecurityContext = &corev1.PodSecurityContext{}
	}
	if id != nil {
		group := *id
		(*t).SecurityContext.FSGroup = &group
	}
	if policy != nil {
		when := *policy
		(*t).SecurityContext.FSGroupChangePolicy = &when
	}
}

// volatile reports a workspace that a run binds to an empty directory although
// one task uses the files that another leaves in it: each task has its own
// directory.
func (l *lowering) volatile(r *PipelineRun) {
	for _, a := range r.args {
		b, ok := a.(*WorkspaceBinding)
		if !ok || b == nil || b.target.d == nil || b.v.EmptyDir == nil {
			continue
		}
		for _, n := range append(append([]*PipelineTask(nil), r.pipeline.tasks...), r.pipeline.finally...) {
			for _, m := range n.workspaces {
				d := m.from.d
				if d == nil || d.decl != b.target.d.decl || d.writer == nil || d.writer == n {
					continue
				}
				f := l.reportf(b.at, "workspace-volatile", "workspace %s is bound to an emptyDir, so task %s does not see the files of task %s",
					quote(d.decl.name), quote(n.name), quote(d.writer.name))
				f.Help = "bind it to a shared volume with VolumeClaimTemplate or PVC"
				return
			}
		}
	}
}
