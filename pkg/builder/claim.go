package builder

import corev1 "k8s.io/api/core/v1"

// ReadOnly mounts the PersistentVolumeClaim of the binding so that no task can change its
// files. Pods on several nodes can then use a claim with the access mode ReadOnlyMany.
//
//	p.Run("build-", models.PVC("models").ReadOnly())
func (w *WorkspaceBinding) ReadOnly() *WorkspaceBinding {
	if w == nil {
		return w
	}
	if w.v.PersistentVolumeClaim == nil {
		w.bad, w.help = "ReadOnly is called on a binding that is not a PersistentVolumeClaim", "call ReadOnly on what PVC returned"
		return w
	}
	w.v.PersistentVolumeClaim.ReadOnly = true
	return w
}

// FSGroupChangePolicy sets when the group of the files of a volume is changed to that of
// FSGroup. With corev1.FSGroupChangeOnRootMismatch this happens only if the root directory has
// another group, which saves minutes for volumes with many files. The default is always.
//
//	run.FSGroup(tasks.Group).FSGroupChangePolicy(corev1.FSGroupChangeOnRootMismatch)
func (r *PipelineRun) FSGroupChangePolicy(policy corev1.PodFSGroupChangePolicy) *PipelineRun {
	if r != nil {
		r.groupPolicy = &policy
	}
	return r
}

// FSGroupChangePolicy is like [PipelineRun.FSGroupChangePolicy].
func (r *TaskRun) FSGroupChangePolicy(policy corev1.PodFSGroupChangePolicy) *TaskRun {
	if r != nil {
		r.groupPolicy = &policy
	}
	return r
}
