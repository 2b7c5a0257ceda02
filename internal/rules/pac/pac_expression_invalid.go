package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-expression-invalid.md
var expressionInvalidText string

// expressionInvalid reports expressions in templates that cannot be compiled.
var expressionInvalid = &rule.Rule{
	Code:     "pac-expression-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     expressionInvalidText,
	Kinds:    []string{"PipelineRun", "Pipeline", "Task"},
	Run: func(p *rule.Pass) {
		for _, v := range p.Entry.ExpandedVariables() {
			expr, ok := v.Expression()
			inCEL := strings.HasPrefix(v.Key, "cel:")
			if !ok || v.Code && !inCEL {
				continue
			}
			err := celenv.Template(expr)
			if err == nil || p.Again(p.Entry, v.Key, v.Spot) {
				continue
			}
			result := "the literal text remains"
			if inCEL {
				result = "it is replaced with nothing"
			}
			p.Error(v.Spot, v.Key, v.Spot.Part+" cannot be compiled, so "+result+": "+err.Error(), "correct the expression")
		}
	},
}
