package objects

import (
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// unknownTaskNames reports the names of tasks that their pipeline does not have: in
// variables, in runAfter and in taskRunSpecs.
func unknownTaskNames(p *rule.Pass) {
	for _, s := range p.Entry.PipelineSpecs() {
		uses := s.TaskUses()
		for i := range uses {
			unknownInUse(p, s, &uses[i])
		}
		for _, t := range s.Tasks {
			unknownInRunAfter(p, t)
		}
	}
	if p.Entry.Run != nil && len(p.Entry.Run.Spec.TaskRunSpecs) > 0 {
		unknownInTaskRunSpecs(p)
	}
}

func unknownInUse(p *rule.Pass, s *facts.PipelineSpec, u *facts.TaskUse) {
	name := u.Var.Owner
	switch u.Fault {
	case facts.UnknownTask:
		if !u.Escaped && !p.Again(s, name, u.Spot) {
			p.Error(u.Spot, name, u.String()+" refers to task "+phrase.Quote(name)+", which "+s.Label+" does not have", phrase.Suggest(name, s.TaskNames(), "add task "+phrase.Quote(name)+", or use another task")).Misspelled(name, s.TaskNames())
		}
	case facts.UnknownFinallyTask:
		var names []string
		for _, t := range s.Tasks[len(s.Spec.Tasks):] {
			if len(names) < suggest.MaxCandidates {
				names = append(names, t.Name)
			}
		}
		help := "use the name of a task in finally"
		if s.Task(name) != nil {
			help = "use $(tasks." + strings.TrimPrefix(strings.TrimPrefix(u.String(), "$("), "finally.")
		}
		p.Error(u.Spot, name, u.String()+" refers to task "+phrase.Quote(name)+", which is not in finally", phrase.Suggest(name, names, help)).Misspelled(name, names)
	}
}

func unknownInRunAfter(p *rule.Pass, t *facts.PipelineTask) {
	if t.Finally {
		return // reported as an order in finally
	}
	for i, name := range t.RunAfter {
		if t.Pipeline.Task(name) == nil {
			p.Error(t.Spot.Index("runAfter", i), name, t.Label+" runs after task "+phrase.Quote(name)+", which "+t.Pipeline.Label+" does not have",
				phrase.Suggest(name, t.Pipeline.TaskNames(), "add task "+phrase.Quote(name)+", or remove it from runAfter")).Misspelled(name, t.Pipeline.TaskNames())
		}
	}
}

func unknownInTaskRunSpecs(p *rule.Pass) {
	pipeline := p.Entry.RunPipeline()
	if pipeline == nil || pipeline.IsSigned() {
		return
	}
	specs := p.Entry.Run.Spec.TaskRunSpecs
	var names []string
	for i := range specs {
		name := specs[i].PipelineTaskName
		if pipeline.Task(name) != nil {
			continue
		}
		if names == nil {
			for _, t := range pipeline.Tasks {
				names = append(names, t.Name)
			}
		}
		p.Error(p.At("spec").Index("taskRunSpecs", i).Field("pipelineTaskName"), name,
			"taskRunSpecs refers to task "+phrase.Quote(name)+", which "+pipeline.Label+" does not have", phrase.Suggest(name, names, "use the name of a task of "+pipeline.Label)).Misspelled(name, names)
	}
}
