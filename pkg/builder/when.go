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

// When is a condition under which a task runs: String.In, String.NotIn or CEL.
// A task whose conditions do not all hold is skipped; tasks that use its
// results are skipped too, tasks that only run after it are not.
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

// CEL is a condition written in the Common Expression Language. Tekton
// evaluates it only where the feature flag enable-cel-in-whenexpression is on;
// references stand in quotes: CEL("'" + branch + "' == 'main'").
func CEL(expr String) When { return When{at: callsite.Here(), cel: expr, made: true} }

// StepWhen is a condition under which a step runs: Text.In or Text.NotIn.
type StepWhen struct {
	at     place
	input  TaskString
	op     operator
	values []TaskString
	made   bool
}

func newStepWhen(t TaskString, op operator, v []TaskString) StepWhen {
	return StepWhen{at: callsite.Here(), input: t, op: op, values: append([]TaskString(nil), v...), made: true}
}

// WhenExpression is a condition of a finally task: a When or a StatusWhen. It is
// sealed.
type WhenExpression interface {
	asWhen() When
}

func (w When) asWhen() When { return w }
