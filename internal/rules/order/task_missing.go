package order

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed task-missing.md
var taskMissingText string

var taskMissing = &rule.Rule{
	Code:     "task-missing",
	Severity: diag.Error,
	Topic:    "order",
	Text:     taskMissingText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			switch {
			case len(s.Spec.Tasks) > 0:
			case len(s.Spec.Finally) > 0:
				p.Error(s.Spot, "", s.Label+" has no tasks", "add a task; Tekton rejects a pipeline with only finally")
			case equality.Semantic.DeepEqual(s.Spec, &v1.PipelineSpec{}):
				p.Error(s.Spot.Field("tasks"), "", s.Label+" has no tasks", "add a task")
			default:
				p.Warning(s.Spot, "", s.Label+" has no tasks, so it runs nothing", "add a task")
			}
		}
	},
}
