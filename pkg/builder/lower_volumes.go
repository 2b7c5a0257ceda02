package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
)

// fsGroup sets the group of a pod's volumes.
func fsGroup(t **pod.Template, id int64) {
	if *t == nil {
		*t = &pod.Template{}
	}
	if (*t).SecurityContext == nil {
		(*t).SecurityContext = &corev1.PodSecurityContext{}
	}
	(*t).SecurityContext.FSGroup = &id
}

// volatile reports a workspace that a run binds to an empty directory though
// one task leaves in it what another takes: each task has a directory of its
// own.
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
				f := l.reportf(b.at, "workspace-volatile", "workspace %s is an empty directory of each task: %s finds nothing of what %s leaves in it",
					quote(d.decl.name), quote(n.name), quote(d.writer.name))
				f.Help = "bind it to a volume that the tasks share: ClaimTemplate or Claim"
				return
			}
		}
	}
}
