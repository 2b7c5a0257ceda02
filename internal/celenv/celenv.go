// Package celenv compiles expressions of the Common Expression Language as the
// CEL interceptor of Tekton Triggers does, without evaluating them.
//
// The interceptor's own package links a client of Kubernetes, and the function
// libraries that it adds link packages that the types of Tekton do not. So the
// functions are declared here once more, without what they do; test/triggers
// shows that both environments declare the same and accept the same.
package celenv

import (
	"errors"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
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
func compile(expr string) (t *cel.Type, err error) {
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

// Env is the environment. Its functions are declared, and do nothing.
func Env() (*cel.Env, error) { return environment() }

var environment = sync.OnceValues(func() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	options := []cel.EnvOption{
		cel.Variable("body", object),
		cel.Variable("header", object),
		cel.Variable("extensions", object),
		cel.Variable("requestURL", cel.StringType),
		// What the last three find, the folding of constants does too, but it
		// does not say where.
		cel.ASTValidators(formatCalls{}, regexps{}, cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals()),
	}
	for _, library := range [][]cel.EnvOption{
		triggerFunctions(), stringFunctions(), encoderFunctions(), setFunctions(), listFunctions(), mathFunctions(),
	} {
		options = append(options, library...)
	}
	return cel.NewEnv(options...)
})
