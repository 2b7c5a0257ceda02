// Package celenv compiles CEL expressions as the CEL interceptor of Tekton Triggers
// and the when expressions of Tekton Pipelines do, without evaluating them.
//
// In addition to cel-go, it declares the functions of Triggers, whose package links
// a Kubernetes client. It reports errors with their column on one line instead of
// three, limits the growth of types, and reports what is wrong with a regular
// expression. The tests in test/triggers check that it declares and accepts the
// same as the environment of the interceptor.
package celenv

import (
	"errors"
	"maps"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"

	"github.com/tekwright/tekwright/internal/memo"
)

// Filter returns an error if an expression is not a valid filter: if it has a syntax
// error, an unknown name or function, or an argument of the wrong type, or if its value
// is not a bool. A value whose type depends on the event is valid.
func Filter(expr string) error {
	t, err := compile(expr)
	if err != nil {
		return err
	}
	switch t.Kind() {
	case types.BoolKind, types.DynKind, types.AnyKind:
		return nil
	}
	return errors.New("the expression has type " + t.String() + ", not bool")
}

// Value returns an error if the value of an expression cannot be used in a string of a
// template: if the expression cannot be compiled, if the interceptor cannot convert the
// type of the value to JSON, or if the value is a list or a map, because the quotes in
// its JSON would end the string.
func Value(expr string) error {
	t, err := compile(expr)
	if err != nil {
		return err
	}
	switch t.Kind() {
	case types.UintKind, types.DurationKind, types.TimestampKind, types.TypeKind, types.NullTypeKind:
		return errors.New("a value of type " + t.String() + " cannot be converted to JSON; convert it with string()")
	case types.ListKind:
		return errors.New("a value of type " + t.String() + " cannot be used in a string; select one item, or use join() or marshalJSON()")
	case types.MapKind:
		return errors.New("a value of type " + t.String() + " cannot be used in a string; select one field, or use marshalJSON()")
	}
	return nil
}

// compile compiles an expression as the interceptor does, and returns the type of
// its value.
func compile(expr string) (*cel.Type, error) {
	c := recent.Of(expr, func() (compiled, int) {
		t, err := compileAnew(expr)
		return compiled{t, err}, len(expr)
	})
	return c.t, c.err
}

// compiled is a result of compile.
type compiled struct {
	t   *cel.Type
	err error
}

// recent caches the most recently compiled expressions: those of triggers are
// compiled when they are lowered, and again by the rules.
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
	return typeOf(env, parsed, true)
}

// typeOf checks an expression, and returns the type of its value. The operands of &&
// and || are checked in parts, because the time for a part is that of its square: the
// checker copies what it knows about types for each call. If it folds, an error in a part
// that is constant is an error. It modifies the expression.
func typeOf(env *cel.Env, parsed *cel.Ast, fold bool) (t *cel.Type, err error) {
	root, info := parsed.NativeRep().Expr(), parsed.NativeRep().SourceInfo()
	parts, _ := partsOf(root)
	if len(parts) == 1 {
		parts[0] = root
	}
	positions := maps.Clone(info.OffsetRanges())
	for _, part := range parts {
		if part != root {
			// The checker drops the positions of everything else.
			ast.PostOrderVisit(part, ast.NewExprVisitor(func(e ast.Expr) { info.SetOffsetRange(e.ID(), positions[e.ID()]) }))
			root.SetKindCase(part)
			info.SetOffsetRange(root.ID(), positions[part.ID()])
		}
		checked, issues := env.Check(parsed)
		if err := explain(issues); err != nil {
			return nil, err
		}
		if fold { // int('x') fails here
			if _, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
				return nil, errors.New(oneLine(err.Error()))
			}
		}
		t = checked.OutputType()
		if len(parts) == 1 {
			return t, nil
		}
		switch t.Kind() {
		case types.BoolKind, types.DynKind, types.AnyKind:
		default:
			return nil, errors.New("an operand of && or || has type " + t.String() + ", not bool")
		}
	}
	return cel.BoolType, nil
}

// Env returns the environment of the interceptor, like makeCelEnv in Triggers. The
// functions that Triggers adds are only declared.
func Env() (*cel.Env, error) { return environment() }

var environment = sync.OnceValues(func() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	return cel.NewEnv(append(triggersFunctions(),
		ext.Strings(), ext.Encoders(), ext.Sets(), ext.Lists(), ext.Math(),
		cel.Variable("body", object),
		cel.Variable("header", object),
		cel.Variable("extensions", object),
		cel.Variable("requestURL", cel.StringType),
		// Constant folding finds the same problems, but without positions.
		cel.ASTValidators(regexps{}, cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals()),
	)...)
})
