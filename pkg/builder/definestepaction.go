package builder

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// StepActionDefinition describes a StepAction object without a Task that uses it, for
// example to publish or test it. It is made by [DefineStepAction].
type StepActionDefinition struct{ pipelineTask *PipelineTask }

// DefineStepAction returns the definition that a StepAction type describes. Its inputs need
// not be set.
func DefineStepAction[A StepActionType[Out], Out StepOutput](action A) *StepActionDefinition {
	n := alone(callsite.Here(), "", diag.ObjectRef{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: "StepAction"})
	n.task = newTask(n, "")
	AddStepAction(n.task, "step", action)
	for _, s := range n.task.steps {
		if s.action != nil {
			n.scope.problems.owner.Name = s.action.def.name
		}
	}
	return &StepActionDefinition{n}
}

// Objects returns the StepAction, or nothing if it is described elsewhere. See
// manifest.Source for the error, and for the objects returned together with an error.
func (d *StepActionDefinition) Objects() ([]object.Object, error) {
	if d == nil || d.pipelineTask == nil {
		return nil, diag.Findings{{
			Code: "stepaction-invalid", Severity: diag.Error, Message: "the StepAction is nil", Object: diag.ObjectRef{Kind: "StepAction"},
			Help: "pass DefineStepAction a struct with the methods StepActionName and Define",
		}}
	}
	def := d.pipelineTask.task.lower()
	def.name = "" // there is no Task
	return def.withActions(), append(append(diag.Findings(nil), d.pipelineTask.scope.problems.list...), def.findings...).Err()
}
