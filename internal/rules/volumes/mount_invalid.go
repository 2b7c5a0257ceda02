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
				mountSub(p, c, i)
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			relativeWorkspaces(p, t)
		}
	},
}

// mountPath reports a volume mount of a container with an invalid path.
func mountPath(p *rule.Pass, c *facts.Container, i int) {
	m := &c.Mounts[i]
	switch facts.MountFault(m.MountPath) {
	case facts.MountFine:
	case facts.MountMissing:
		p.Error(c.Spot.Index("volumeMounts", i), m.Name, "a volume mount of "+c.Label+" has no mountPath", "set mountPath")
	case facts.MountRelative:
		p.Warning(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath,
			c.Label+" mounts a volume at the relative path "+phrase.Quote(m.MountPath)+", which becomes "+phrase.Quote("/"+path.Clean(m.MountPath)), "begin mountPath with /")
	case facts.MountReserved:
		p.Error(c.Spot.Index("volumeMounts", i).Field("mountPath"), m.MountPath, c.Label+" mounts a volume at "+phrase.Quote(m.MountPath)+", which is reserved for Tekton", "choose another mountPath")
	}
}

// mountOfAction reports a volume mount of a StepAction whose name is not exactly
// one param: the Task sets the name of the volume.
func mountOfAction(p *rule.Pass, c *facts.Container, i int) {
	m := &c.Mounts[i]
	for x := range tekref.Scan(m.Name) {
		v := tekref.Parse(x.Expr)
		if x.Open || v.Fault != "" { // another rule reports it
			return
		}
		if v.Kind == tekref.Param && x.End-x.Start == len(m.Name) {
			return
		}
	}
	p.Error(c.Spot.Index("volumeMounts", i).Field("name"), m.Name, c.Task.Label+" mounts volume "+phrase.Quote(m.Name)+", but the name must be exactly one param variable",
		"declare a param for the volume name, and use $(params.NAME)")
}

// relativeWorkspaces reports workspaces whose mountPath does not begin with a
// slash, which Kubernetes adds.
func relativeWorkspaces(p *rule.Pass, t *facts.TaskSpec) {
	seen := make(map[string]bool, len(t.Spec.Workspaces))
	for i := range t.Spec.Workspaces {
		w := &t.Spec.Workspaces[i]
		mount, first := w.MountPath, w.Name != "" && !seen[w.Name]
		seen[w.Name] = true
		if mount == "" || strings.HasPrefix(mount, "/") || tekref.Contains(mount) || !first {
			continue
		}
		p.Warning(t.Spot.Index("workspaces", i).Field("mountPath"), mount,
			"workspace "+phrase.Quote(w.Name)+" is mounted at "+phrase.Quote("/"+path.Clean(mount))+", but $(workspaces."+w.Name+".path) is the relative path "+phrase.Quote(mount),
			"begin mountPath with /")
	}
}
