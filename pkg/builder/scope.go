package builder

import (
	"github.com/tekwright/tekwright/internal/ref"
)

// scope is who owns handles and where their misuse is recorded: a pipeline, a
// task, a StepAction, or a run of one task.
type scope struct {
	owner ref.Owner
	*problems
}

func (s *scope) token(form ref.Form, expr string) string {
	return ref.Token{Owner: s.owner, Form: form, Expr: expr}.String()
}

// paramExpr is the reference to a param. A dotted name needs brackets.
func paramExpr(name string) string {
	for i := range len(name) {
		if name[i] == '.' {
			return `params["` + name + `"]`
		}
	}
	return "params." + name
}
