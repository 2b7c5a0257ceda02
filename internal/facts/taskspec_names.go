package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// This file has the names of what a Task spec declares.

// ReachableWorkspaces returns the names of the declared workspaces, then those of the
// workspaces that reach the spec without a declaration, sorted.
func (t *TaskSpec) ReachableWorkspaces() []string {
	return t.reachableNames.of(func() []string { return slices.Concat(t.WorkspaceNames(), t.boundNames()) }).list
}

// boundNames returns the names for which Bound reports true, sorted.
func (t *TaskSpec) boundNames() []string {
	names := map[string]bool{}
	for name := range t.bound {
		names[name] = true
	}
	if p := t.Pipeline; p != nil {
		for name := range p.Workspaces {
			names[name] = true
		}
		for i := range t.PipelineTask.Workspaces {
			names[t.PipelineTask.Workspaces[i].Name] = true
		}
		if p.Run != nil {
			for i := range p.Run.Spec.Workspaces {
				names[p.Run.Spec.Workspaces[i].Name] = true
			}
		}
	}
	return sortedKeys(names)
}

// WorkspaceNames returns the names of the declared workspaces.
func (t *TaskSpec) WorkspaceNames() []string {
	return t.declaredWorkspaces().list
}

func (t *TaskSpec) declaredWorkspaces() *names {
	return t.workspaceNames.of(func() []string {
		return namesOf(t.Spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	})
}

// ResultNames returns the names of the declared results.
func (t *TaskSpec) ResultNames() []string {
	return t.declaredResults().list
}

// HasResult reports whether the spec declares the result.
func (t *TaskSpec) HasResult(name string) bool { return t.declaredResults().has(name) }

func (t *TaskSpec) declaredResults() *names {
	return t.resultNames.of(func() []string {
		return namesOf(t.Spec.Results, func(r *v1.TaskResult) string { return r.Name })
	})
}

// VolumeNames returns the names of the volumes that the spec declares.
func (t *TaskSpec) VolumeNames() []string { return t.declaredVolumes().list }

// HasVolume reports whether the spec declares the volume.
func (t *TaskSpec) HasVolume(name string) bool { return t.declaredVolumes().has(name) }

func (t *TaskSpec) declaredVolumes() *names {
	return t.volumeNames.of(func() []string {
		return namesOf(t.Spec.Volumes, func(v *corev1.Volume) string { return v.Name })
	})
}

// StepNames returns the names of the steps.
func (t *TaskSpec) StepNames() []string {
	return t.stepNames.of(func() []string { return namesOf(t.Spec.Steps, func(s *v1.Step) string { return s.Name }) }).list
}

// namesOf returns the names of items.
func namesOf[T any](items []T, name func(*T) string) []string {
	out := make([]string, len(items))
	for i := range items {
		out[i] = name(&items[i])
	}
	return out
}
