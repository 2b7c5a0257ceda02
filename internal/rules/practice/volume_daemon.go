package practice

import (
	_ "embed"
	"path"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-daemon.md
var volumeDaemonText string

var volumeDaemon = &rule.Rule{
	Code:     "volume-daemon",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     volumeDaemonText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			for i := range c.Mounts {
				switch path.Clean(c.Mounts[i].MountPath) {
				case "/var/lib/docker", "/var/lib/containerd":
					daemonVolume(p, c, i)
				}
			}
		}
	},
}

// daemonVolume reports a container engine that keeps its data on a
// PersistentVolumeClaim: every run mounts the same one, and two engines at once
// corrupt the data.
func daemonVolume(p *rule.Pass, c *facts.Container, mount int) {
	m := &c.Mounts[mount]
	for i := range c.Task.Spec.Volumes {
		v := &c.Task.Spec.Volumes[i]
		if v.Name != m.Name || v.PersistentVolumeClaim == nil {
			continue
		}
		p.Warning(c.Spot.Index("volumeMounts", mount).Field("mountPath"), m.Name,
			c.Label+" keeps "+m.MountPath+" on PersistentVolumeClaim "+phrase.Quote(v.PersistentVolumeClaim.ClaimName)+", which all runs share: two daemons at once corrupt the data",
			"use an emptyDir, and a registry for the cache", c.Task.Spot.Index("volumes", i).Related("the volume"))
	}
}
