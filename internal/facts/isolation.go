package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// memoIsolation keeps which containers list which workspaces.
type memoIsolation struct {
	isolated   map[string]*Container // the first that lists a workspace
	free       mounts                // of the workspaces that none lists
	ofTemplate mounts                // of the stepTemplate
}

// memoMounts keeps what is mounted in a container; nil before it is asked for.
type memoMounts struct {
	listed map[string]bool
	own    mounts
}

// Isolated returns a step or a sidecar that lists a workspace, so that the workspace
// is mounted only in those that do; nil if there is none.
func (t *TaskSpec) Isolated(workspace string) *Container {
	return t.isolation().isolated[workspace]
}

func (t *TaskSpec) isolation() *memoIsolation {
	if t.isolated != nil {
		return &t.memoIsolation
	}
	t.isolated = map[string]*Container{}
	all := t.Containers()
	for i := range all {
		for _, w := range all[i].workspaces() {
			if t.isolated[w.Name] == nil {
				t.isolated[w.Name] = &all[i]
			}
		}
	}
	for i := range t.Spec.Workspaces {
		if w := &t.Spec.Workspaces[i]; t.isolated[w.Name] == nil {
			t.free.add(MountPath(w))
		}
	}
	if template := t.Spec.StepTemplate; template != nil {
		for i := range template.VolumeMounts {
			t.ofTemplate.add(template.VolumeMounts[i].MountPath)
		}
	}
	return &t.memoIsolation
}

// workspaces returns the own list of a step or a sidecar.
func (c *Container) workspaces() []v1.WorkspaceUsage {
	switch {
	case c.Step != nil:
		return c.Step.Workspaces
	case c.Sidecar != nil:
		return c.Sidecar.Workspaces
	}
	return nil
}

// mounted returns the workspaces that a step or a sidecar lists, and the paths of these
// and of its volumes.
func (c *Container) mounted() *memoMounts {
	if c.listed != nil {
		return &c.memoMounts
	}
	c.listed = map[string]bool{}
	for _, u := range c.workspaces() {
		c.listed[u.Name] = true
		if w := c.Task.Workspace(u.Name); w != nil {
			c.own.add(MountPath(w))
		}
	}
	for i := range c.Mounts {
		c.own.add(c.Mounts[i].MountPath)
	}
	return &c.memoMounts
}

// Lacks reports whether a workspace of the Task is certainly not mounted in a step
// or a sidecar, because others list it and this one does not.
func (c *Container) Lacks(w *v1.WorkspaceDeclaration) bool {
	if c.Kind != Step && c.Kind != Sidecar || c.mounted().listed[w.Name] || c.Task.Isolated(w.Name) == nil {
		return false
	}
	path, shared := MountPath(w), c.Task.isolation()
	return !tekref.Contains(path) && !c.own.contain(path) && !shared.free.contain(path) && (c.Kind != Step || !shared.ofTemplate.contain(path))
}

// mounts are paths at which something is mounted.
type mounts struct {
	paths   map[string]bool
	lengths []int // of the paths, sorted; a path is searched for by its beginnings
	any     bool  // one has a variable, so it may be any path
}

func (m *mounts) add(path string) {
	if tekref.Contains(path) {
		m.any = true
		return
	}
	if m.paths == nil {
		m.paths = map[string]bool{}
	}
	path = strings.TrimSuffix(path, "/")
	m.paths[path] = true
	if at, ok := slices.BinarySearch(m.lengths, len(path)); !ok {
		m.lengths = slices.Insert(m.lengths, at, len(path))
	}
}

// contain reports whether a path may be one of the paths, or below one.
func (m *mounts) contain(path string) bool {
	if m.any || m.paths[path] {
		return true
	}
	for _, n := range m.lengths {
		if n >= len(path) {
			break
		}
		if path[n] == '/' && m.paths[path[:n]] {
			return true
		}
	}
	return false
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
