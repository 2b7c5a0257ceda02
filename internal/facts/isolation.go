package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Isolated returns a step or a sidecar that lists a workspace, so that the workspace
// is mounted only in those that do; nil if there is none.
func (t *TaskSpec) Isolated(workspace string) *Container {
	all := t.Containers()
	for i := range all {
		if all[i].Lists(workspace) {
			return &all[i]
		}
	}
	return nil
}

// Lists reports whether a step or a sidecar has a workspace in its own list.
func (c *Container) Lists(workspace string) bool {
	has := func(w v1.WorkspaceUsage) bool { return w.Name == workspace }
	switch {
	case c.Step != nil:
		return slices.ContainsFunc(c.Step.Workspaces, has)
	case c.Sidecar != nil:
		return slices.ContainsFunc(c.Sidecar.Workspaces, has)
	}
	return false
}

// Lacks reports whether a workspace of the Task is certainly not mounted in a step
// or a sidecar, because others list it and this one does not.
func (c *Container) Lacks(w *v1.WorkspaceDeclaration) bool {
	if c.Kind != Step && c.Kind != Sidecar || c.Lists(w.Name) || c.Task.Isolated(w.Name) == nil {
		return false
	}
	path := MountPath(w)
	if tekref.Contains(path) {
		return false
	}
	under := func(mount string) bool {
		mount = strings.TrimSuffix(mount, "/")
		return tekref.Contains(mount) || path == mount || strings.HasPrefix(path, mount+"/")
	}
	for i := range c.Mounts {
		if under(c.Mounts[i].MountPath) {
			return false
		}
	}
	if t := c.Task.Spec.StepTemplate; t != nil && c.Kind == Step {
		for i := range t.VolumeMounts {
			if under(t.VolumeMounts[i].MountPath) {
				return false
			}
		}
	}
	for i := range c.Task.Spec.Workspaces {
		other := &c.Task.Spec.Workspaces[i]
		if other.Name != w.Name && under(MountPath(other)) && (c.Lists(other.Name) || c.Task.Isolated(other.Name) == nil) {
			return false
		}
	}
	return true
}

// ContainerAt returns the step or the sidecar that contains a path; nil if none
// does.
func (t *TaskSpec) ContainerAt(s Spot) *Container {
	if i := t.StepAt(s.Path); i >= 0 {
		return &t.Steps()[i]
	}
	if i := t.SidecarAt(s.Path); i >= 0 {
		return &t.Sidecars()[i]
	}
	return nil
}
