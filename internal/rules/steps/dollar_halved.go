package steps

import (
	_ "embed"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed dollar-halved.md
var dollarHalvedText string

var dollarHalved = &rule.Rule{
	Code:     "dollar-halved",
	Severity: diag.Warning,
	Topic:    "steps",
	Text:     dollarHalvedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			for i, text := range c.Command {
				halved(p, c.Spot.Index("command", i), text, "the command of "+c.Label)
			}
			for i, text := range c.Args {
				halved(p, c.Spot.Index("args", i), text, "the args of "+c.Label)
			}
		}
		p.Entry.EachEnv(func(s facts.Spot, env *corev1.EnvVar) {
			halved(p, s.Field("value"), env.Value, "environment variable "+phrase.Quote(env.Name))
		})
	},
}

// halved reports a text with $$ that the kubelet changes and that is most likely
// meant as it is written.
func halved(p *rule.Pass, s facts.Spot, text, label string) {
	if i := halvedAt(text); i >= 0 {
		end := i + len("$$")
		for end < len(text) && (text[end] == '_' || '0' <= text[end] && text[end] <= '9' || 'A' <= text[end] && text[end] <= 'Z' || 'a' <= text[end] && text[end] <= 'z') {
			end++
		}
		p.Warning(s.Of(text[i:end]), text[i:end], "Kubernetes replaces $$ in "+label+" with a single $",
			"write $$$$ for two, or $ if one is meant; in a script, $$ is kept")
	}
}

// halvedAt returns the index of the first $$ in a text that stands alone; -1 if there
// is none. A $$( is how a variable is escaped, and more than two are most likely
// written for Kubernetes as well.
func halvedAt(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "$$")
		if i < 0 {
			return -1
		}
		i += from
		end := i
		for end < len(text) && text[end] == '$' {
			end++
		}
		if end == i+len("$$") && !strings.HasPrefix(text[end:], "(") {
			return i
		}
		from = end
	}
}
