// Package celenv compiles expressions of the Common Expression Language as the
// CEL interceptor of Tekton Triggers does, without evaluating them.
//
// Its own are the functions of Triggers, whose package links a client of
// Kubernetes; errors with the column on one line, which cel-go draws over three;
// bounds on types that grow, which cel-go lacks; and the regular expressions,
// of which cel-go says only that an argument is invalid. test/triggers shows
// that the interceptor's environment declares the same and accepts the same.
package celenv

import (
	"errors"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"

	"github.com/tekwright/tekwright/internal/memo"
)

// Filter reports why an expression is no condition: a syntax error, an unknown
// name or function, a call with arguments of other types, or a value that is
// not bool. A value whose type only the event tells passes.
func Filter(expr string) error {
	t, err := compile(expr)
	if err != nil {
		return err
	}
	switch t.Kind() {
	case types.BoolKind, types.DynKind, types.AnyKind:
		return nil
	}
	return errors.New("it is of type " + t.String() + ", not bool")
}

// Value reports why an expression has no value that can stand in a string of a
// template: the reasons of Filter, types that the interceptor cannot write as
// JSON, and lists and maps, whose JSON has quotes that end the string.
func Value(expr string) error {
	t, err := compile(expr)
	if err != nil {
		return err
	}
	switch t.Kind() {
	case types.UintKind, types.DurationKind, types.TimestampKind, types.TypeKind, types.NullTypeKind:
		return errors.New("a value of type " + t.String() + " cannot be written as JSON; convert it with string()")
	case types.ListKind:
		return errors.New("a value of type " + t.String() + " does not fit into a string; take one of it, or use join() or marshalJSON()")
	case types.MapKind:
		return errors.New("a value of type " + t.String() + " does not fit into a string; take one of it, or use marshalJSON()")
	}
	return nil
}

// compile is what the interceptor does to an expression before it looks at an
// event, and the type of its value.
func compile(expr string) (*cel.Type, error) {
	c := recent.Of(expr, func() (compiled, int) {
		t, err := compileAnew(expr)
		return compiled{t, err}, len(expr)
	})
	return c.t, c.err
}

// compiled is what compile returns.
type compiled struct {
	t   *cel.Type
	err error
}

// recent are the expressions that were last compiled by this process: the one of a
// trigger is looked at when it is lowered, and again by the rules.
var recent = memo.NewRecent[string, compiled](64 << 10)

func compileAnew(expr string) (t *cel.Type, err error) {
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, errors.New("the expression cannot be compiled")
		}
	}()
	env, err := Env()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(expr) == "" {
		return nil, errors.New("the expression is empty")
	}
	parsed, issues := env.Parse(expr)
	if err := explain(issues); err != nil {
		return nil, err
	}
	if err := withinLimits(parsed.NativeRep().Expr()); err != nil {
		return nil, err
	}
	checked, issues := env.Check(parsed)
	if err := explain(issues); err != nil {
		return nil, err
	}
	// Folds constants: int('x') fails here.
	if _, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
		return nil, errors.New(oneLine(err.Error()))
	}
	return checked.OutputType(), nil
}

// Env returns the environment of the interceptor, makeCelEnv in Triggers. The
// functions that Triggers adds itself are declared, and do nothing.
func Env() (*cel.Env, error) { return environment() }

var environment = sync.OnceValues(func() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	return cel.NewEnv(append(triggersFunctions(),
		ext.Strings(), ext.Encoders(), ext.Sets(), ext.Lists(), ext.Math(),
		cel.Variable("body", object),
		cel.Variable("header", object),
		cel.Variable("extensions", object),
		cel.Variable("requestURL", cel.StringType),
		// The folding of constants finds the same as these, without the position.
		cel.ASTValidators(regexps{}, cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals()),
	)...)
})
