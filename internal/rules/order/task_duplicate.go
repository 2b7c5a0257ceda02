package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed task-duplicate.md
var taskDuplicateText string

var taskDuplicate = &rule.Rule{
	Code:     "task-duplicate",
	Severity: diag.Error,
	Topic:    "order",
	Text:     taskDuplicateText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if first := s.Task(t.Name); first != t && t.Name != "" {
					name := phrase.Quote(t.Name)
					p.Error(t.Spot.Field("name"), t.Name, s.Label+" has two tasks with the name "+name, "rename or remove one of them",
						first.Spot.Field("name").Related("first task "+name))
				}
			}
		}
	},
}
