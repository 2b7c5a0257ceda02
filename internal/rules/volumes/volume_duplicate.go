package volumes

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-duplicate.md
var volumeDuplicateText string

var volumeDuplicate = &rule.Rule{
	Code:     "volume-duplicate",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			phrase.Duplicates(p, diag.Error, t.Spot, "volumes", "volume", t.Spec.Volumes, func(v *corev1.Volume) string { return v.Name })
		}
	},
}
