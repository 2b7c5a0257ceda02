package volumes

import (
	_ "embed"
	"path"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mount-invalid.md
var mountInvalidText string

var mountInvalid = &rule.Rule{
	Code:     "mount-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     mountInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			for i := range c.Mounts {
				if c.Kind == facts.Action {
					mountOfAction(p, c, i)
				} else {
					mountPath(p, c, i)
				}
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			relativeWorkspaces(p, t)
		}
	},
}

// mountPath reports a volume that a container mounts where it cannot.
func mountPath(p *rule.Pass, c *facts.Container, i int) {
	m := &c.Mounts[i]
	switch facts.MountFault(m.MountPath) {
	case facts.MountFine:
	case facts.MountMissing:
		p.Error(c.Spot.Index("volumeMounts", i), m.Name, "a volume mount of "+label(c)+" has no mountPath", "set mountPath")
	case facts.MountRelative:
		p.Warning(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath,
			label(c)+" mounts at "+phrase.Quote(m.MountPath)+", which becomes "+phrase.Quote("/"+path.Clean(m.MountPath)), "start it with a slash")
	case facts.MountReserved:
		p.Error(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath, label(c)+" mounts at "+phrase.Quote(m.MountPath)+", which is Tekton's own", "mount elsewhere")
	}
}

// mountOfAction reports what a StepAction mounts by a name of its own: Tekton has
// the Task say which volume that is.
func mountOfAction(p *rule.Pass, c *facts.Container, i int) {
	m := &c.Mounts[i]
	for x := range tekref.Scan(m.Name) {
		v := tekref.Parse(x.Expr)
		if x.Open || v.Fault != "" { // which is told as a fault of the text
			return
		}
		if v.Kind == tekref.Param && x.End-x.Start == len(m.Name) {
			return
		}
	}
	p.Error(c.Spot.Index("volumeMounts", i).Field("name"), m.Name, c.Task.Label+" mounts volume "+phrase.Quote(m.Name)+", but the name must be one param and nothing else",
		"declare a param for the name of the volume, and write $(params.NAME)")
}

// relativeWorkspaces reports workspaces whose mountPath does not begin with a
// slash, which Kubernetes adds.
func relativeWorkspaces(p *rule.Pass, t *facts.TaskSpec) {
	for i := range t.Spec.Workspaces {
		w := &t.Spec.Workspaces[i]
		mount := w.MountPath
		if mount == "" || strings.HasPrefix(mount, "/") || tekref.Contains(mount) || !counts(t.Spec.Workspaces, i) {
			continue
		}
		p.Warning(t.Spot.Index("workspaces", i).Field("mountPath"), mount,
			"workspace "+phrase.Quote(w.Name)+" is mounted at "+phrase.Quote("/"+path.Clean(mount))+", but $(workspaces."+w.Name+".path) is "+phrase.Quote(mount)+", which leads there from / only",
			"begin it with /")
	}
}
