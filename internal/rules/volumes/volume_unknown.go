package volumes

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-unknown.md
var volumeUnknownText string

var volumeUnknown = &rule.Rule{
	Code:     "volume-unknown",
	Severity: diag.Warning,
	Topic:    "volumes",
	Text:     volumeUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		var task *facts.TaskSpec
		open := false // whether any volume of the task may have any name
		for c := range p.Entry.Containers() {
			if c.Kind == facts.Action {
				continue // the Task declares the volumes
			}
			if c.Task != task {
				task, open = c.Task, slices.ContainsFunc(c.Task.VolumeNames(), tekref.Contains)
			}
			if open {
				continue
			}
			for i := range c.Mounts {
				if m := &c.Mounts[i]; m.MountPath != "" && !tekref.Contains(m.Name) && !declared(c.Task, m.Name) {
					unknownVolume(p, c, i)
				}
			}
		}
	},
}

// declared reports whether a Task spec has a volume of that name.
func declared(t *facts.TaskSpec, name string) bool {
	return t.PodVolumes.Has(name) || t.HasVolume(name)
}

// unknownVolume reports a volume that is mounted but not declared. This is certain
// only in a run, because the pod template of a run may add volumes to a Task.
func unknownVolume(p *rule.Pass, c *facts.Container, i int) {
	t, name := c.Task, c.Mounts[i].Name
	severity, help := diag.Warning, "declare it under volumes, unless the pod template of every run adds it"
	if t.PodVolumes != nil {
		severity, help = diag.Error, "declare it under volumes, or in the run's pod template"
	}
	p.Add(c.Spot.Index("volumeMounts", i).Field("name"), severity, name, c.Label+" mounts volume "+phrase.Quote(name)+", which "+t.Label+" does not declare",
		phrase.Suggest(name, t.VolumeNames(), help)).Misspelled(name, t.VolumeNames())
}
