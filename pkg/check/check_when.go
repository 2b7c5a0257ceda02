package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/celenv"
)

// whenOf checks the form of guards; their texts are checked with the others.
func (c *checker) whenOf(s spot, guards v1.WhenExpressions) {
	for i := range guards {
		w, g := &guards[i], s.index("when", i)
		if w.CEL != "" {
			c.gate(g.field("cel"), "enable-cel-in-whenexpression", "cel")
			if w.Input != "" || w.Operator != "" || len(w.Values) > 0 {
				c.fail(g, "when-invalid", "", "this guard has both cel and input, operator or values", "keep one form")
			}
			if err := celenv.When(w.CEL); err != nil {
				c.fail(g.field("cel"), "when-invalid", "", "the guard "+q(w.CEL)+" is no CEL expression: "+err.Error(),
					"references stand in quotes: '$(params.branch)' == 'main'")
			}
			continue
		}
		switch {
		case w.Input == "" && w.Operator == "" && len(w.Values) == 0:
			c.fail(g, "when-invalid", "", "this guard is empty", "set input, operator and values, or cel")
			continue
		case w.Operator != selection.In && w.Operator != selection.NotIn:
			c.fail(g.field("operator"), "when-invalid", string(w.Operator), "a guard has the operator "+q(string(w.Operator)), oneOf(string(w.Operator), []string{"in", "notin"}))
		}
		if len(w.Values) == 0 {
			c.fail(g, "when-invalid", "", "this guard has no values", "list at least one value")
		}
	}
}
