package runs

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed taskrunspec-duplicate.md
var taskRunSpecDuplicateText string

var taskRunSpecDuplicate = &rule.Rule{
	Code:     "taskrunspec-duplicate",
	Severity: diag.Warning,
	Topic:    "runs",
	Text:     taskRunSpecDuplicateText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {

		if p.Entry.Run == nil {
			return
		}
		s, seen := p.At("spec"), map[string]int{}
		for i := range p.Entry.Run.Spec.TaskRunSpecs {
			name := p.Entry.Run.Spec.TaskRunSpecs[i].PipelineTaskName
			if first, ok := seen[name]; ok {
				p.Warning(s.Index("taskRunSpecs", i).Field("pipelineTaskName"), name, "task "+phrase.Quote(name)+" has two taskRunSpecs; the second overrides the first", "merge them",
					s.Index("taskRunSpecs", first).Related("the first taskRunSpec"))
			}
			seen[name] = i
		}
	},
}
