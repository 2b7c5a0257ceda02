package celparity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	triggerscel "github.com/tektoncd/triggers/pkg/interceptors/cel"

	"github.com/tekwright/tekwright/internal/celenv"
)

// upstream is makeCelEnv of the CEL interceptor, which is not exported. That
// it is still this is what TestUpstream shows.
var upstream = sync.OnceValues(func() (*cel.Env, error) {
	object := types.NewMapType(types.StringType, types.DynType)
	return cel.NewEnv(
		triggerscel.Triggers(context.Background(), "ci", nil),
		ext.Strings(), ext.Encoders(), ext.Sets(), ext.Lists(), ext.Math(),
		cel.VariableDecls(
			decls.NewVariable("body", object), decls.NewVariable("header", object),
			decls.NewVariable("extensions", object), decls.NewVariable("requestURL", types.StringType)))
})

// compile is what the interceptor's evaluate does before it evaluates. A panic,
// which {b'a': 1} makes, is a refusal.
func compile(expr string) (t *cel.Type, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("upstream panicked: %v", r)
		}
	}()
	env, err := upstream()
	if err != nil {
		return nil, err
	}
	parsed, issues := env.Parse(expr)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	if _, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
		return nil, err
	}
	return checked.OutputType(), nil
}

// noText are the kinds of value that do not fit into the string of a template:
// the interceptor fails, or what it writes has quotes. TestKinds shows it.
var noText = map[types.Kind]bool{
	types.UintKind: true, types.DurationKind: true, types.TimestampKind: true, types.TypeKind: true,
	types.NullTypeKind: true, types.ListKind: true, types.MapKind: true,
}

// compare holds one expression against upstream.
func compare(t *testing.T, expr string) (accepted bool) {
	t.Helper()
	kind, err := compile(expr)
	filter, value := celenv.Filter(expr), celenv.Value(expr)
	if err != nil {
		assert.Error(t, filter, "upstream refuses %q: %v", expr, err)
		assert.Error(t, value, "upstream refuses %q: %v", expr, err)
		return false
	}
	condition := kind.Kind() == types.BoolKind || kind.Kind() == types.DynKind || kind.Kind() == types.AnyKind
	assert.NoError(t, when(condition, filter), "upstream accepts %q", expr)
	assert.NoError(t, when(!noText[kind.Kind()], value), "upstream accepts %q", expr)
	return true
}

// when turns the error around where one is due.
func when(accept bool, err error) error {
	switch {
	case accept:
		return err
	case err == nil:
		return errors.New("it is accepted, although of a type that is not fit")
	}
	return nil
}

// TestDeclarations compares all functions, overload by overload, and macros.
func TestDeclarations(t *testing.T) {
	theirs, err := upstream()
	require.NoError(t, err)
	ours, err := celenv.Env()
	require.NoError(t, err)
	assert.Equal(t, signatures(theirs), signatures(ours))
	assert.Equal(t, macros(theirs), macros(ours))
	assert.True(t, theirs.HasValidator("cel.validator.string_format"))
	assert.True(t, ours.HasValidator("cel.validator.string_format"))
	assert.Len(t, theirs.Validators(), 1, "upstream has a validator that is not known here")
	variables := func(e *cel.Env) (all []string) {
		for _, v := range e.Variables() {
			all = append(all, v.Name()+" "+v.Type().String())
		}
		return all
	}
	assert.ElementsMatch(t, variables(theirs), variables(ours))
}

func signatures(e *cel.Env) map[string]string {
	all := map[string]string{}
	for name, f := range e.Functions() {
		for _, o := range f.OverloadDecls() {
			s := "("
			for _, a := range o.ArgTypes() {
				s += a.String() + ", "
			}
			if o.IsMemberFunction() {
				s = "method " + s
			}
			all[name+" "+o.ID()] = s + ") " + o.ResultType().String()
		}
	}
	return all
}

func macros(e *cel.Env) []string {
	var all []string
	for _, m := range e.Macros() {
		all = append(all, m.MacroKey())
	}
	return all
}
