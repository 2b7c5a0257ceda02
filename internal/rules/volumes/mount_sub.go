package volumes

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// mountSub reports what the API server rejects in the subPath and the modes of a mount.
func mountSub(p *rule.Pass, c *facts.Container, i int) {
	m, spot := &c.Mounts[i], c.Spot.Index("volumeMounts", i)
	const rejects = ": the API server rejects the pod"
	for _, sub := range [...]struct{ field, text string }{{"subPath", m.SubPath}, {"subPathExpr", m.SubPathExpr}} {
		text := tekref.Replace(sub.text, func(tekref.Match) string { return "x" }) // of which the value is not known
		switch {
		case path.IsAbs(text):
			p.Error(spot.Field(sub.field), sub.text, c.Label+" mounts the absolute "+sub.field+" "+phrase.Quote(sub.text)+rejects, "remove the leading /")
		case slices.Contains(strings.Split(text, "/"), ".."):
			p.Error(spot.Field(sub.field), sub.text, c.Label+" mounts "+sub.field+" "+phrase.Quote(sub.text)+", which contains .."+rejects, "write a path within the volume")
		}
	}
	if m.SubPath != "" && m.SubPathExpr != "" {
		p.Error(spot.Field("subPathExpr"), m.SubPathExpr, c.Label+" mounts a volume with both subPath and subPathExpr"+rejects, "remove one of them")
	}
	if r := m.RecursiveReadOnly; r != nil && (*r == corev1.RecursiveReadOnlyEnabled || *r == corev1.RecursiveReadOnlyIfPossible) && !m.ReadOnly {
		p.Error(spot.Field("recursiveReadOnly"), string(*r), c.Label+" mounts a volume with recursiveReadOnly but without readOnly"+rejects, "set readOnly")
	}
}
