package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-size.md
var matrixSizeText string

// shorten is the help for a matrix that is too large.
const shorten = `shorten the lists, or raise default-max-matrix-combinations-count in ConfigMap "config-defaults"`

var matrixSize = &rule.Rule{
	Code:     "matrix-size",
	Severity: diag.Error,
	Topic:    "order",
	Text:     matrixSizeText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		limit := p.Profile.MatrixLimit()
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if !t.IsMatrixed() || t.MatrixVaries() {
					continue
				}
				if n, known := t.MatrixSize(s.DefaultLength); known && n > limit {
					p.Error(t.Spot.Field("matrix"), t.Name,
						"the matrix of "+t.Label+" creates "+phrase.Itoa(n)+" runs, but at most "+phrase.Itoa(limit)+" are allowed, so Tekton rejects it",
						shorten)
				}
			}
		}
		for t, n := range matrixSizes(p.Entry) {
			if n > limit {
				p.Error(p.At("spec", "params"), t.Name,
					"these params make the matrix of "+t.Label+" create "+phrase.Itoa(n)+" runs, but at most "+phrase.Itoa(limit)+" are allowed; Tekton counts the runs only after it has started them, and then fails the PipelineRun",
					shorten, t.Spot.Field("matrix").Related("the matrix"))
			}
		}
	},
}
