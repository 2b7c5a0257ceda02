package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// String is a string at pipeline scope: a literal, a param, a result, a run's
// context, or any of them joined with +. The zero value means "not given".
//
// A handle hides its identity in its text, so that Build can tell whose it is.
// Do not compare, slice or measure a String: at generation time it holds a
// reference, not the value of a run, and `if repo == "main"` is always false.
type String string

const (
	// Empty is the explicit empty string, where "" would mean "not given".
	Empty String = handle.Empty
	// RunName is the name of the PipelineRun: $(context.pipelineRun.name).
	RunName String = "$(context.pipelineRun.name)"
	// RunUID is the UID of the PipelineRun: $(context.pipelineRun.uid).
	RunUID String = "$(context.pipelineRun.uid)"
	// RunNamespace is the namespace of the PipelineRun: $(context.pipelineRun.namespace).
	RunNamespace String = "$(context.pipelineRun.namespace)"
)

// In is the condition that the string is one of v: a when expression with the
// operator "in". A value may be an array's All.
func (s String) In(v ...String) When { return newWhen(s, opIn, v) }

// NotIn is the condition that the string is none of v: a when expression with
// the operator "notin".
func (s String) NotIn(v ...String) When { return newWhen(s, opNotIn, v) }

// Set gives the pipeline's param a value for one run. Here "" is the empty
// string. The receiver must be a whole param, as Pipeline.Param returned it.
func (s String) Set(v String) Arg {
	return &paramArg{at: callsite.Here(), target: string(s), kind: stringKind, str: v}
}
