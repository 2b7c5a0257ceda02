package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed listener-unsigned.md
var listenerUnsignedText string

var listenerUnsigned = &rule.Rule{
	Code:     "listener-unsigned",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     listenerUnsignedText,
	Kinds:    []string{"Trigger", "EventListener"},
	Needs:    []rule.Fact{rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			if t.Template != nil && t.IsUnsigned() {
				p.Warning(interceptors(t), "", "nothing verifies who sends the events of "+t.Label+": anyone who can reach the EventListener can start its runs",
					"set secretRef in a github, gitlab or bitbucket interceptor, or compare a header with compareSecret in a CEL filter")
			}
		}
	},
}
