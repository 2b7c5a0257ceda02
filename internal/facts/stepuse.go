package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
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
	lastSteps    map[string]int            // by name
	exitCodes    map[string]exitCodeOwner  // by the name in the variable
	stepResults  map[*v1.StepResult]*names // by the first result of the list

	containerNames []string
}

// exitCodeOwner is the step that the variable of an exit code names.
type exitCodeOwner struct {
	step   int
	byName bool // instead of by the name of the container, as Tekton wants it
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
		if !u.IsVariable() || t.isOverridden(u.Text) {
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
		if u.Result = t.resultOf(u); u.Result != nil {
			return OtherProblem
		}
	}
	if t.HasResult(u.Var.Name) {
		return NoFault
	}
	return UnknownResult
}

// resultOf returns the result of that name among those of the step.
func (t *TaskSpec) resultOf(u *StepUse) *v1.StepResult {
	if len(u.Results) == 0 {
		return nil
	}
	list := t.stepResults[&u.Results[0]]
	if list == nil {
		if t.stepResults == nil {
			t.stepResults = map[*v1.StepResult]*names{}
		}
		list = new(names).of(func() []string { return stepResultNames(u.Results) })
		t.stepResults[&u.Results[0]] = list
	}
	if i := list.index(u.Var.Name); i >= 0 {
		return &u.Results[i]
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
	if u.Result = t.resultOf(u); u.Result == nil {
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
	if u.Result = t.resultOf(u); u.Result == nil {
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
	if o, ok := t.exitCodeOwner(u.Var.Owner); ok {
		u.Step = o.step
		if o.byName {
			return OtherProblem
		}
		return NoFault
	}
	return UnknownStep
}

// exitCodeOwner returns the first step whose container or which itself has that name.
func (t *TaskSpec) exitCodeOwner(name string) (o exitCodeOwner, ok bool) {
	if t.exitCodes == nil {
		t.exitCodes = make(map[string]exitCodeOwner, 2*len(t.Spec.Steps))
		add := func(name string, o exitCodeOwner) {
			if _, ok := t.exitCodes[name]; !ok {
				t.exitCodes[name] = o
			}
		}
		for i := range t.Spec.Steps {
			add(t.containerName(i), exitCodeOwner{step: i})
			add(t.Spec.Steps[i].Name, exitCodeOwner{step: i, byName: true})
		}
	}
	o, ok = t.exitCodes[name]
	return o, ok
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
	if t.lastSteps == nil {
		t.lastSteps = make(map[string]int, len(t.Spec.Steps))
		for i := range t.Spec.Steps {
			t.lastSteps[t.Spec.Steps[i].Name] = i
		}
	}
	if i, ok := t.lastSteps[name]; ok {
		return i
	}
	return -1
}

// ContainerNames returns the names that Tekton gives to the containers of the
// steps, but no more than are used for suggestions.
func (t *TaskSpec) ContainerNames() []string {
	if t.containerNames == nil {
		t.containerNames = make([]string, min(len(t.Spec.Steps), suggest.MaxCandidates))
		for i := range t.containerNames {
			t.containerNames[i] = t.containerName(i)
		}
	}
	return t.containerNames
}

// ResultNames returns the names of the declared results of the step; of a long list the
// first ones, since each use of an unknown result asks for them.
func (u *StepUse) ResultNames() []string {
	return stepResultNames(u.Results[:min(len(u.Results), suggest.MaxCandidates)])
}

func stepResultNames(results []v1.StepResult) []string {
	return namesOf(results, func(r *v1.StepResult) string { return r.Name })
}
