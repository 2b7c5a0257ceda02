package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// String is a string at pipeline scope: a literal, a param, a result, a context
// variable, or several of them joined with +. The zero value means "not set".
//
// Handles of params and results are Strings that contain a marked variable, from
// which Build can tell where they belong. Do not compare or slice a String or
// take its length: while the manifest is generated it contains a variable, not
// the value in a run, and `if repo == "main"` is always false.
type String string

// Empty is the explicit empty string, for inputs where "" means "not set".
const Empty String = handle.Empty

// In returns a when expression that is true if s is one of v (operator "in"). A
// value may be [Array.All].
func (s String) In(v ...String) When { return newWhen(s, opIn, v) }

// NotIn returns a when expression that is true if s is not one of v (operator
// "notin").
func (s String) NotIn(v ...String) When { return newWhen(s, opNotIn, v) }

// Set returns an argument that sets a param of the pipeline for one run, or a result of a
// task for [PipelineTask.Fallback]. Unlike elsewhere, "" sets the empty string. The receiver
// must be the handle that [Pipeline.Param] returned, or that of the result.
func (s String) Set(v String) Arg {
	return &paramArg{at: callsite.Here(), target: string(s), kind: stringKind, str: v}
}
