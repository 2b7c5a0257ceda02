package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-branch-style.md
var branchStyleText string

// branchStyle reports expressions that never match a push, because another expression of
// the folder makes Pipelines-as-Code remove refs/heads/ from the branch.
var branchStyle = &rule.Rule{
	Code:     "pac-branch-style",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     branchStyleText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		m := matcherOf(p.Entry)
		if m == nil || runAnnotations(p) == nil {
			return
		}
		for _, variable := range []string{"target_branch", "source_branch"} {
			if !onlyFull(m, variable) {
				continue
			}
			if other := strips(p, variable); other != nil {
				p.Error(annotation(p, pac.OnCELExpression), variable, "on-cel-expression compares "+variable+" with a branch that begins with refs/heads/, but "+other.Label()+" compares it without: Pipelines-as-Code then removes refs/heads/ for all runs, so no push starts this run",
					"compare with the short name of the branch in all runs", other.At("metadata", "annotations").Key(pac.OnCELExpression).Related("the other expression"))
				return
			}
		}
	},
}

// onlyFull reports whether an expression is only true for a branch with refs/heads/.
func onlyFull(m *celenv.MatcherExpression, variable string) bool {
	for _, texts := range m.Required(variable) {
		full := len(texts) > 0
		for _, t := range texts {
			full = full && strings.HasPrefix(t, "refs/heads/")
		}
		if full {
			return true
		}
	}
	return false
}

// strips returns a run of the folder whose expression makes Pipelines-as-Code remove
// refs/heads/ from a variable, nil if there is none.
func strips(p *rule.Pass, variable string) *facts.Entry {
	folder := p.Entry.TektonFolder()
	if folder == nil {
		return nil
	}
	return folder.Stripping(variable)
}

// matcherOf returns the compiled expression of a run, nil if it has none.
func matcherOf(e *facts.Entry) *celenv.MatcherExpression {
	if e == nil || e.Run == nil {
		return nil
	}
	expr, ok := e.Annotations()[pac.OnCELExpression]
	if !ok || strings.Contains(expr, "{{") {
		return nil
	}
	m, _, err := compile(expr)
	if err != nil {
		return nil
	}
	return m
}
