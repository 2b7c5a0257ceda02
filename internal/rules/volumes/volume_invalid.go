package volumes

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-invalid.md
var volumeInvalidText string

var volumeInvalid = &rule.Rule{
	Code:     "volume-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeInvalidText,
	Kinds:    []string{"Task", "Pipeline", "PipelineRun", "TaskRun"},
	Run: func(p *rule.Pass) {
		p.Entry.EachVolume(func(s facts.Spot, v *corev1.Volume) {
			label := "volume " + phrase.Quote(v.Name)
			switch n := len(facts.VolumeSources(v)); {
			case n == 0:
				p.Warning(s, v.Name, label+" has no source, so it becomes an empty directory", "set emptyDir: {} if that is intended")
			case n > 1:
				p.Error(s, v.Name, label+" has several sources", "keep one of them")
			default:
				lookup.Rejected(p, s, label, podspec.Volume(v))
			}
		})
	},
}
