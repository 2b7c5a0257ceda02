package order

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-empty.md
var matrixEmptyText string

var matrixEmpty = &rule.Rule{
	Code:     "matrix-empty",
	Severity: diag.Warning,
	Topic:    "order",
	Text:     matrixEmptyText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				emptyAxes(p, t)
			}
		}
		for t, size := range matrixSizes(p.Entry) {
			if size == 0 {
				p.Warning(p.At("spec", "params"), t.Name, "the matrix of "+t.Label+" has an empty list, so the task is skipped", "pass at least one value",
					t.Spot.Field("matrix").Related("the matrix"))
			}
		}
	},
}

// emptyAxes reports the params of a matrix that have no values.
func emptyAxes(p *rule.Pass, t *facts.PipelineTask) {
	if !t.IsMatrixed() {
		return
	}
	for i := range t.Matrix.Params {
		v := &t.Matrix.Params[i]
		if v.Value.Type == v1.ParamTypeArray && len(v.Value.ArrayVal) == 0 {
			p.Warning(t.Spot.Field("matrix").Index("params", i).Field("value"), v.Name,
				"param "+phrase.Quote(v.Name)+" of the matrix of "+t.Label+" is empty, so the task is skipped", "list at least one value")
		}
	}
}
