package volumes

import (
	_ "embed"
	"path"

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
	last := make(map[string]int, len(c.Mounts))
	for i := range c.Mounts {
		m := &c.Mounts[i]
		at := path.Clean(m.MountPath)
		j, twice := last[at]
		last[at] = i
		if twice && m.MountPath != "" && !tekref.Contains(m.MountPath) && c.Mounts[j].MountPath != "" {
			p.Error(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath, c.Label+" mounts two volumes at "+phrase.Quote(m.MountPath), "set a different mountPath for one of them",
				c.Spot.Index("volumeMounts", j).Related("also mounted here"))
		}
	}
}

// mountedWorkspaces reports workspaces whose paths are already in use.
func mountedWorkspaces(p *rule.Pass, t *facts.TaskSpec) {
	list := t.Spec.Workspaces
	if len(list) == 0 {
		return
	}
	used := mounts(t)
	seen := make(map[string]bool, len(list))
	for i := range list {
		if list[i].Name == "" || seen[list[i].Name] {
			continue
		}
		seen[list[i].Name] = true
		at := t.Spot.Index("workspaces", i)
		mount := path.Clean(facts.MountPath(&list[i]))
		other := used[mount]
		used[mount] = at
		if !other.IsValid() || tekref.Contains(mount) {
			continue
		}
		if list[i].MountPath != "" {
			at = at.Field("mountPath")
		}
		p.Error(at, list[i].Name, "workspace "+phrase.Quote(list[i].Name)+" is mounted at "+phrase.Quote(mount)+", where something else is already mounted", "set a different mountPath for one of them",
			other.Related("also mounted here"))
	}
}

// mounts returns where the steps and their template mount volumes, by the path. Of
// several places it is the last one, and that of the template before those of steps.
func mounts(t *facts.TaskSpec) map[string]facts.Spot {
	used := map[string]facts.Spot{}
	add := func(s facts.Spot, mounts []corev1.VolumeMount) {
		for i := range mounts {
			used[path.Clean(mounts[i].MountPath)] = s.Index("volumeMounts", i)
		}
	}
	for i := range t.Spec.Steps {
		add(t.Spot.Index("steps", i), t.Spec.Steps[i].VolumeMounts)
	}
	if s := t.Spec.StepTemplate; s != nil {
		add(t.Spot.Field("stepTemplate"), s.VolumeMounts)
	}
	return used
}
