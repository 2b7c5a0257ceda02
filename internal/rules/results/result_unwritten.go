package results

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-unwritten.md
var resultUnwrittenText string

var resultUnwritten = &rule.Rule{
	Code:     "result-unwritten",
	Severity: diag.Warning,
	Topic:    "results",
	Text:     resultUnwrittenText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			unwritten(p, t)
		}
	},
}

// unwritten reports all results that no step writes in one finding.
func unwritten(p *rule.Pass, t *facts.TaskSpec) {
	var left []int
	for i := range t.Spec.Results {
		if r := &t.Spec.Results[i]; !t.UsedResults()[r.Name] && (r.Value == nil || r.Value.StringVal == "") {
			left = append(left, i)
		}
	}
	if len(left) == 0 || slices.ContainsFunc(t.Steps(), func(c facts.Container) bool { return c.Opaque() }) {
		return
	}
	if t.Mentions("/tekton/results") || t.UsedResults()[""] && t.Mentions("$(results.") {
		return
	}
	var also []diag.Related
	for _, i := range left[1:] {
		also = append(also, t.Spot.Index("results", i).Related("result "+phrase.Quote(t.Spec.Results[i].Name)+" is not written either"))
	}
	name := t.Spec.Results[left[0]].Name
	p.Warning(t.Spot.Index("results", left[0]), name, "no step of "+t.Label+" writes result "+phrase.Quote(name)+", so a task that reads it fails",
		"write it to $(results."+name+".path), or remove it", also...)
}
