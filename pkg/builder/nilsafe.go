package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// orNew lets the methods of a nil or zero Task not panic, as when a caller calls
// Define directly. What is declared on it is lost.
func (t *Task) orNew() *Task {
	if t == nil || t.pipelineTask == nil {
		return newTask(alone(callsite.Here(), "", diag.ObjectRef{Kind: "Task"}), "")
	}
	return t
}

// orNew does the same for a StepAction.
func (s *StepAction) orNew() *StepAction {
	if s == nil || s.step == nil {
		t := (*Task)(nil).orNew()
		return newStepAction(&Step{container: container{scope: t.scope}, task: t}, "", t.problems)
	}
	return s
}
