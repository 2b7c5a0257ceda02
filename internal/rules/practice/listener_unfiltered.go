package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed listener-unfiltered.md
var listenerUnfilteredText string

var listenerUnfiltered = &rule.Rule{
	Code:     "listener-unfiltered",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     listenerUnfilteredText,
	Kinds:    []string{"Trigger", "EventListener"},
	Needs:    []rule.Fact{rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			if t.Template != nil && t.IsUnfiltered() {
				p.Warning(interceptors(t), "", t.Label+" accepts every event, whatever its type",
					"set eventTypes, or a filter in a CEL interceptor")
			}
		}
	},
}
