package order

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed order-skippable.md
var orderSkippableText string

var orderSkippable = &rule.Rule{
	Code:     "order-skippable",
	Severity: diag.Note,
	Topic:    "order",
	Text:     orderSkippableText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			fill := filling(s)
			for _, t := range s.Tasks {
				if t.Finally {
					continue
				}
				empty := fill.unfilled(t)
				for i, name := range t.RunAfter {
					after := s.Task(name)
					if after == nil || after.Finally || after == t || len(after.When) == 0 || t.SkippedWith(after) || reads(t, after) {
						continue
					}
					severity, without := diag.Note, ""
					switch {
					case approves(after):
						severity, without = diag.Warning, ", so nothing has to be approved then"
					case empty != nil && empty.by == after:
						severity, without, empty = diag.Warning, empty.without(), nil
					}
					p.Add(t.Spot.Index("runAfter", i), severity, after.Name, t.Label+" runs even if "+after.Label+" is skipped"+without,
						"if this is not intended, give "+t.Label+" the when expressions of "+after.Label, after.Spot.Index("when", 0).Related("the when expressions of "+after.Label))
				}
				if empty != nil { // another task is between them
					p.Warning(empty.spot, empty.by.Name, t.Label+" runs even if "+empty.by.Label+" is skipped"+empty.without(),
						"give "+t.Label+" the when expressions of "+empty.by.Label, empty.by.Spot.Index("when", 0).Related("the when expressions of "+empty.by.Label))
				}
			}
		}
	},
}

// approves reports whether a task is most likely there to hold up what runs after it:
// by its name, or by that of its Task or of the kind of a custom task.
func approves(t *facts.PipelineTask) bool {
	names := []string{t.Name}
	if t.TaskRef != nil {
		names = append(names, t.TaskRef.Name, string(t.TaskRef.Kind))
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(strings.ToLower(name), "approv") })
}

// reads reports whether a task reads a result of another one, and so is skipped with
// it.
func reads(t, owner *facts.PipelineTask) bool {
	return slices.ContainsFunc(t.ResultReads(), func(r facts.ResultRead) bool { return r.Owner == owner })
}
