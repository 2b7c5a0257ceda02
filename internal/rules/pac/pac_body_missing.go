package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-body-missing.md
var bodyMissingText string

// bodyMissing reports expressions that read what the payloads of comments do not have.
var bodyMissing = &rule.Rule{
	Code:     "pac-body-missing",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     bodyMissingText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		expr, ok := runAnnotations(p)[pac.OnCELExpression]
		if !ok || strings.Contains(expr, "{{") {
			return
		}
		m, _, err := compile(expr)
		if err != nil {
			return
		}
		reads, tests := m.Reads("pull_request")
		if !reads || tests || excludesComments(m) {
			return
		}
		p.Warning(annotation(p, pac.OnCELExpression), "body.pull_request", "on-cel-expression reads body.pull_request, which comments such as /test do not have on GitHub: the expression has an error, and the comment does not start the run",
			"write !has(body.pull_request) || in front of the condition, in parentheses")
	},
}

// excludesComments reports whether an expression is only true for types of events that are
// not those of comments.
func excludesComments(m *celenv.MatcherExpression) bool {
	for _, texts := range append(m.Required("event_type"), m.Required("event")...) {
		only := len(texts) > 0
		for _, t := range texts {
			only = only && !strings.HasSuffix(t, "-comment") && t != "push"
		}
		if only && m.Mentions("event_type") && len(m.Required("event_type")) > 0 {
			return true
		}
	}
	return false
}
