package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/tekref"
)

// WhenSource is the reason why the input of a when expression can have only some
// values.
type WhenSource int

// The sources.
const (
	Unlimited         WhenSource = iota // it may have any value, as far as is known
	LiteralText                         // it contains no variable
	EnumOfParam                         // it is a param with an enum
	BoundWorkspace                      // whether a workspace that is not optional is bound, which is always true
	OptionalWorkspace                   // whether an optional workspace is bound
	StatusOfTask                        // the status of a task, or of all
	WrittenResult                       // a result whose values are known from the scripts
)

// WhenInput is the known information about the input of a when expression.
type WhenInput struct {
	// Values are all possible values; nil if they are not known.
	Values []string
	Source WhenSource
	// From is the place that determines the values; zero if there is none.
	From Spot
	// Param is the param of [EnumOfParam].
	Param *Param
}

// Excludes reports whether the input can have none of the values that make the when
// expression true.
func (in *WhenInput) Excludes(w *v1.WhenExpression) bool {
	if w.CEL != "" || len(w.Values) == 0 || w.Operator != selection.In && w.Operator != selection.NotIn {
		return false
	}
	if len(in.Values) == 0 || slices.ContainsFunc(w.Values, tekref.Contains) {
		return false
	}
	listed := Among(w.Values)
	return !slices.ContainsFunc(in.Values, func(v string) bool { return listed(v) == (w.Operator == selection.In) })
}

// Possible values of inputs that are not params or results. They must not be
// changed.
var (
	bound       = []string{"true"}
	boundOrNot  = []string{"true", "false"}
	taskStates  = []string{"Succeeded", "Failed", "None"}
	statesOfAll = []string{"Succeeded", "Failed", "Completed", "None"}
)

// WhenInput returns the known information about the input of a when expression of a
// step.
func (t *TaskSpec) WhenInput(w *v1.WhenExpression) WhenInput {
	if !tekref.Contains(w.Input) {
		return WhenInput{Values: []string{w.Input}, Source: LiteralText}
	}
	if v, ok := Alone(w.Input); ok && v.Kind == tekref.Param && v.Fault == "" {
		return t.Params.enum(v)
	}
	return WhenInput{}
}

// enum returns the values of a param with an enum.
func (ps *ParamScope) enum(v tekref.Variable) WhenInput {
	if d := ps.Find(v.Name); d != nil && v.Whole() && len(d.Enum) > 0 {
		return WhenInput{Values: d.Enum, Source: EnumOfParam, From: d.Spot.Field("enum"), Param: d}
	}
	return WhenInput{}
}

// WhenInput returns the known information about the input of a when expression of
// the task.
func (t *PipelineTask) WhenInput(w *v1.WhenExpression) WhenInput {
	t.Spot.Entry.set.asked(Order)
	if !tekref.Contains(w.Input) {
		return WhenInput{Values: []string{w.Input}, Source: LiteralText}
	}
	v, ok := Alone(w.Input)
	if !ok || v.Fault != "" {
		return WhenInput{}
	}
	p := t.Pipeline
	switch v.Kind {
	case tekref.Param:
		return p.Params.enum(v)
	case tekref.Workspace:
		if v.Name != "bound" {
			return WhenInput{}
		}
		for i := range p.Spec.Workspaces {
			if ws := &p.Spec.Workspaces[i]; ws.Name == v.Owner && !ws.Optional {
				return WhenInput{Values: bound, Source: BoundWorkspace, From: p.Spot.Index("workspaces", i)}
			}
		}
		return WhenInput{Values: boundOrNot, Source: OptionalWorkspace}
	case tekref.TaskStatus:
		if t.Finally && v.Name == "status" {
			return WhenInput{Values: taskStates, Source: StatusOfTask}
		}
	case tekref.TasksStatus:
		if t.Finally {
			return WhenInput{Values: statesOfAll, Source: StatusOfTask}
		}
	case tekref.TaskResult:
		return p.written(v)
	}
	return WhenInput{}
}

// DeadWhen returns the index of the first when expression of the task that can never
// be true by itself; -1 if there is none.
func (t *PipelineTask) DeadWhen() int {
	for i := range t.When {
		if in := t.WhenInput(&t.When[i]); in.Excludes(&t.When[i]) {
			return i
		}
	}
	return -1
}
