package builder

import (
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// scope is the owner of handles, together with the list in which their misuse is
// recorded. It belongs to a pipeline, a task, a StepAction or a TaskRun.
type scope struct {
	owner  handle.Owner
	within *PipelineTask // of a task
	*problems
}

func (s *scope) token(form handle.Form, v tekref.Variable) string {
	return handle.Token{Owner: s.owner, Form: form, Expr: v.Expr}.String()
}
