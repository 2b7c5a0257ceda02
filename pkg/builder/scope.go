package builder

import (
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// scope is who owns handles and where their misuse is recorded: a pipeline, a
// task, a StepAction, or a run of one task.
type scope struct {
	owner handle.Owner
	*problems
}

func (s *scope) token(form handle.Form, v tekref.Variable) string {
	return handle.Token{Owner: s.owner, Form: form, Expr: v.Expr}.String()
}
