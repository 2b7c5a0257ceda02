package builder

import (
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/caller"
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
	return When{at: caller.Here(), input: s, op: op, values: append([]String(nil), v...), made: true}
}

// CEL is a condition written in the Common Expression Language. Tekton
// evaluates it only where the feature flag enable-cel-in-whenexpression is on;
// references stand in quotes: CEL("'" + branch + "' == 'main'").
func CEL(expr String) When { return When{at: caller.Here(), cel: expr, made: true} }

// StepWhen is a condition under which a step runs: Text.In or Text.NotIn.
type StepWhen struct {
	at     place
	input  Text
	op     operator
	values []Text
	made   bool
}

func newStepWhen(t Text, op operator, v []Text) StepWhen {
	return StepWhen{at: caller.Here(), input: t, op: op, values: append([]Text(nil), v...), made: true}
}

// Guard is a condition of a finally task: a When or a StatusWhen. It is
// sealed.
type Guard interface {
	guard() When
}

func (w When) guard() When { return w }
