package pac

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-variable-empty.md
var variableEmptyText string

// variableEmpty reports variables that have no value for the events of a run.
var variableEmpty = &rule.Rule{
	Code:     "pac-variable-empty",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     variableEmptyText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		if p.Entry.Run == nil || !onlyPush(p.Entry.Annotations()) {
			return
		}
		for _, v := range p.Entry.ExpandedVariables() {
			if v.Key == "pull_request_number" && !p.Again(p.Entry, v.Key, v.Spot) {
				p.Warning(v.Spot, v.Key, v.Spot.Part+" has no value for a push, so the literal text remains, unless the provider knows a pull request with the commit",
					"use another variable, or use a run for pull requests")
			}
		}
	},
}

// onlyPush reports whether nothing but a push starts a run.
func onlyPush(annotations map[string]string) bool {
	if annotations[pac.OnCELExpression] != "" || annotations[pac.OnComment] != "" {
		return false
	}
	events, err := pac.List(annotations[pac.OnEvent])
	return err == nil && len(events) > 0 && !slices.ContainsFunc(events, func(e string) bool { return e != "push" })
}
