package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// StepUse is a $(...) in a Task spec that refers to one of its steps, or to one of
// its own results.
type StepUse struct {
	*Use
	// Step is the index of the step that a [tekref.StepResult] or a
	// [tekref.StepExitCode] refers to, or of the step that contains a
	// [tekref.StepResultPath]; -1 if there is none.
	Step int
	// Results are the declared results of that step, or of the StepAction.
	Results []v1.StepResult
	// Result is the declared result of a step; nil if it is not known.
	Result *v1.StepResult
	// Fault is the error in it.
	Fault Fault
}

// memoStepUses keeps [TaskSpec.StepUses].
type memoStepUses struct {
	stepUses     []StepUse
	stepUsesDone bool
}

// StepUses returns every $(...) of the spec that refers to a step or to a result of
// the spec, in the order of the texts.
func (t *TaskSpec) StepUses() []StepUse {
	t.Set().asked(Results)
	if t.stepUsesDone {
		return t.stepUses
	}
	t.stepUsesDone = true
	uses := t.Uses()
	for i := range uses {
		u := StepUse{Use: &uses[i], Step: -1}
		if !u.IsVariable() {
			continue
		}
		switch u.Var.Kind {
		case tekref.ResultPath:
			u.Fault = u.resultPath(t)
		case tekref.StepResultPath:
			u.Fault = u.stepResultPath(t)
		case tekref.StepResult:
			u.Fault = u.stepResult(t)
		case tekref.StepExitCode:
			u.Fault = u.exitCode(t)
		default:
			continue
		}
		t.stepUses = append(t.stepUses, u)
	}
	return t.stepUses
}

// resultPath returns the error in $(results.R.path).
func (u *StepUse) resultPath(t *TaskSpec) Fault {
	if t.Action != nil {
		u.Results = t.Action.Results
		if u.Result = u.declared(); u.Result != nil {
			return OtherProblem
		}
	}
	if t.HasResult(u.Var.Name) {
		return NoFault
	}
	return UnknownResult
}

// declared returns the result of that name among those of the step.
func (u *StepUse) declared() *v1.StepResult {
	for i := range u.Results {
		if u.Results[i].Name == u.Var.Name {
			return &u.Results[i]
		}
	}
	return nil
}

// stepResultPath returns the error in $(step.results.R.path), which is for the
// step's own results.
func (u *StepUse) stepResultPath(t *TaskSpec) Fault {
	if t.Action != nil {
		u.Results = t.Action.Results
	} else {
		if u.Step = t.StepAt(u.Spot.Path); u.Step < 0 {
			return OtherProblem
		}
		u.Results = t.Spec.Steps[u.Step].Results
	}
	if u.Result = u.declared(); u.Result == nil {
		return UnknownResult
	}
	return NoFault
}

// stepResult returns the error in $(steps.S.results.R). It is valid for an earlier
// step, in a field where the entrypoint replaces it.
func (u *StepUse) stepResult(t *TaskSpec) Fault {
	if _, wrong := t.otherProblem(u.Use); wrong {
		return OtherProblem
	}
	if t.Action != nil {
		return NoFault // the steps around a StepAction are not known
	}
	u.Step = t.lastStep(u.Var.Owner)
	here := t.StepAt(u.Spot.Path)
	switch {
	case u.Step < 0:
		return UnknownStep
	case here >= 0 && u.Step >= here:
		return LaterStep
	}
	var known bool
	if u.Results, known = t.ResultsOfStep(u.Step); !known {
		return NoFault
	}
	if u.Result = u.declared(); u.Result == nil {
		return UnknownResult
	}
	typ, v := ResultType(u.Result.Type, u.Result.Properties), &u.Var
	switch {
	case typ != v1.ParamTypeArray && (v.Index >= 0 || v.Star && typ == v1.ParamTypeString):
		return ItemOfStepResult
	case typ != v1.ParamTypeObject && v.Key != "":
		return KeyOfStepResult
	case v.Key != "" && u.Result.Properties != nil:
		if _, ok := u.Result.Properties[v.Key]; !ok {
			return UnknownResultKey
		}
	}
	return NoFault
}

// exitCode returns the error in $(steps.step-S.exitCode.path).
func (u *StepUse) exitCode(t *TaskSpec) Fault {
	if t.Action != nil || u.Escaped {
		return NoFault
	}
	for i := range t.Spec.Steps {
		if t.containerName(i) == u.Var.Owner {
			u.Step = i
			return NoFault
		}
		if t.Spec.Steps[i].Name == u.Var.Owner {
			u.Step = i
			return OtherProblem
		}
	}
	return UnknownStep
}

// containerName returns the name that Tekton gives to the container of a step.
func (t *TaskSpec) containerName(i int) string {
	if name := t.Spec.Steps[i].Name; name != "" {
		return "step-" + name
	}
	return "step-unnamed-" + itoa(i)
}

// lastStep returns the index of the last step of that name; -1 if there is none.
func (t *TaskSpec) lastStep(name string) int {
	for i := len(t.Spec.Steps) - 1; i >= 0; i-- {
		if t.Spec.Steps[i].Name == name {
			return i
		}
	}
	return -1
}

// ContainerNames returns the names that Tekton gives to the containers of the
// steps.
func (t *TaskSpec) ContainerNames() []string {
	out := make([]string, len(t.Spec.Steps))
	for i := range out {
		out[i] = t.containerName(i)
	}
	return out
}

// ResultNames returns the names of the declared results of the step.
func (u *StepUse) ResultNames() []string {
	return namesOf(u.Results, func(r *v1.StepResult) string { return r.Name })
}
