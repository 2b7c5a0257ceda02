package volumes

import (
	_ "embed"
	"path"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mount-duplicate.md
var mountDuplicateText string

var mountDuplicate = &rule.Rule{
	Code:     "mount-duplicate",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     mountDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind != facts.Action {
				mountedTwice(p, c)
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			mountedWorkspaces(p, t)
		}
	},
}

// mountedTwice reports the volumes of a container that are mounted at the path of
// another one.
func mountedTwice(p *rule.Pass, c *facts.Container) {
	for i := 1; i < len(c.Mounts); i++ {
		m := &c.Mounts[i]
		if m.MountPath == "" || tekref.Contains(m.MountPath) {
			continue
		}
		if j := lastMount(c.Mounts[:i], path.Clean(m.MountPath)); j >= 0 && c.Mounts[j].MountPath != "" {
			p.Error(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath, c.Label+" mounts two volumes at "+phrase.Quote(m.MountPath), "set a different mountPath for one of them",
				c.Spot.Index("volumeMounts", j).Related("also mounted here"))
		}
	}
}

// lastMount returns the index of the last volume that is mounted at a path; -1 if
// there is none.
func lastMount(mounts []corev1.VolumeMount, at string) int {
	for i := len(mounts) - 1; i >= 0; i-- {
		if path.Clean(mounts[i].MountPath) == at {
			return i
		}
	}
	return -1
}

// mountedWorkspaces reports workspaces whose paths are already in use.
func mountedWorkspaces(p *rule.Pass, t *facts.TaskSpec) {
	list := t.Spec.Workspaces
	if len(list) == 0 {
		return
	}
	paths := make([]string, len(list))
	for i := range list {
		paths[i] = path.Clean(facts.MountPath(&list[i]))
		mount := paths[i]
		if tekref.Contains(mount) || !counts(list, i) {
			continue
		}
		other := mountedBefore(t, paths[:i], mount)
		if !other.IsValid() {
			continue
		}
		at := t.Spot.Index("workspaces", i)
		if list[i].MountPath != "" {
			at = at.Field("mountPath")
		}
		p.Error(at, list[i].Name, "workspace "+phrase.Quote(list[i].Name)+" is mounted at "+phrase.Quote(mount)+", where something else is already mounted", "set a different mountPath for one of them",
			other.Related("also mounted here"))
	}
}

// counts reports whether a workspace has a name that no earlier one has.
func counts(list []v1.WorkspaceDeclaration, i int) bool {
	for j := range list[:i] {
		if list[j].Name == list[i].Name {
			return false
		}
	}
	return list[i].Name != ""
}

// mountedBefore returns the workspace or volume that is mounted at a path; the
// zero Spot if there is none. Of the workspaces, only the first ones count, whose
// paths are given.
func mountedBefore(t *facts.TaskSpec, paths []string, mount string) facts.Spot {
	for j := len(paths) - 1; j >= 0; j-- {
		if paths[j] == mount && counts(t.Spec.Workspaces, j) {
			return t.Spot.Index("workspaces", j)
		}
	}
	if s := t.Spec.StepTemplate; s != nil {
		if j := lastMount(s.VolumeMounts, mount); j >= 0 {
			return t.Spot.Field("stepTemplate").Index("volumeMounts", j)
		}
	}
	for i := len(t.Spec.Steps) - 1; i >= 0; i-- {
		if j := lastMount(t.Spec.Steps[i].VolumeMounts, mount); j >= 0 {
			return t.Spot.Index("steps", i).Index("volumeMounts", j)
		}
	}
	return facts.Spot{}
}
