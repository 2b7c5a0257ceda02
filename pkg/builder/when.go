package builder

import (
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/callsite"
)

type operator = selection.Operator

const (
	opIn    = selection.In
	opNotIn = selection.NotIn
)

// When is a when expression of a pipeline task. It is made by [String.In],
// [String.NotIn] or [CEL]. If a when expression is false, the task is skipped, and
// so are the tasks that use its results. Tasks that only run after it are not
// skipped.
type When struct {
	at     place
	input  String
	op     operator
	values []String
	cel    String
	made   bool
}

func newWhen(s String, op operator, v []String) When {
	return When{at: callsite.Here(), input: s, op: op, values: append([]String(nil), v...), made: true}
}

// CEL returns a when expression in the Common Expression Language. [CELString] makes a
// string of a handle. Tekton evaluates the expression only if the feature flag
// enable-cel-in-whenexpression is true.
func CEL(expr String) When { return When{at: callsite.Here(), cel: expr, made: true} }

// StepWhen is a when expression of a step. It is made by [TaskString.In],
// [TaskString.NotIn] or [StepCEL].
type StepWhen struct {
	at     place
	input  TaskString
	op     operator
	values []TaskString
	cel    TaskString
	made   bool
}

// StepCEL returns a when expression of a step in the Common Expression Language. It may
// use results of earlier steps. [StepCELString] makes a string of a handle. Tekton accepts
// it only if the feature flag enable-cel-in-whenexpression is true.
func StepCEL(expr TaskString) StepWhen {
	return StepWhen{at: callsite.Here(), cel: expr, made: true}
}

func newStepWhen(t TaskString, op operator, v []TaskString) StepWhen {
	return StepWhen{at: callsite.Here(), input: t, op: op, values: append([]TaskString(nil), v...), made: true}
}

// WhenExpression is a when expression of a finally task: a [When] or a
// [StatusWhen].
type WhenExpression interface {
	asWhen() When
}

func (w When) asWhen() When { return w }
