package celenv

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// mathFunctions are those of cel-go's Math.
func mathFunctions() []cel.EnvOption {
	all := []cel.EnvOption{
		cel.Macros(
			cel.ReceiverVarArgMacro("least", extreme("math.least", "math.@min")),
			cel.ReceiverVarArgMacro("greatest", extreme("math.greatest", "math.@max"))),
		function("math.ceil", "math_ceil_double", double, double),
		function("math.floor", "math_floor_double", double, double),
		function("math.round", "math_round_double", double, double),
		function("math.trunc", "math_trunc_double", double, double),
		function("math.isInf", "math_isInf_double", boolean, double),
		function("math.isNaN", "math_isNaN_double", boolean, double),
		function("math.isFinite", "math_isFinite_double", boolean, double),
		function("math.abs", "math_abs_double", double, double),
		function("math.abs", "math_abs_int", integer, integer),
		function("math.abs", "math_abs_uint", unsigned, unsigned),
		function("math.sign", "math_sign_double", double, double),
		function("math.sign", "math_sign_int", integer, integer),
		function("math.sign", "math_sign_uint", unsigned, unsigned),
		function("math.bitAnd", "math_bitAnd_int_int", integer, integer, integer),
		function("math.bitAnd", "math_bitAnd_uint_uint", unsigned, unsigned, unsigned),
		function("math.bitOr", "math_bitOr_int_int", integer, integer, integer),
		function("math.bitOr", "math_bitOr_uint_uint", unsigned, unsigned, unsigned),
		function("math.bitXor", "math_bitXor_int_int", integer, integer, integer),
		function("math.bitXor", "math_bitXor_uint_uint", unsigned, unsigned, unsigned),
		function("math.bitNot", "math_bitNot_int_int", integer, integer),
		function("math.bitNot", "math_bitNot_uint_uint", unsigned, unsigned),
		function("math.bitShiftLeft", "math_bitShiftLeft_int_int", integer, integer, integer),
		function("math.bitShiftLeft", "math_bitShiftLeft_uint_int", unsigned, unsigned, integer),
		function("math.bitShiftRight", "math_bitShiftRight_int_int", integer, integer, integer),
		function("math.bitShiftRight", "math_bitShiftRight_uint_int", unsigned, unsigned, integer),
		function("math.sqrt", "math_sqrt_double", double, double),
		function("math.sqrt", "math_sqrt_int", double, integer),
		function("math.sqrt", "math_sqrt_uint", double, unsigned),
	}
	return append(append(all, extremes("math.@min")...), extremes("math.@max")...)
}

// extremes declares what math.least and math.greatest expand to: of one
// number, of two, of which the common type may only show at run time, and of a
// list.
func extremes(name string) []cel.EnvOption {
	id := "math_" + name[len("math."):]
	var one, two, many []cel.EnvOption
	for _, t := range []*cel.Type{double, integer, unsigned} {
		one = append(one, function(name, id+"_"+t.TypeName(), t, t))
		for _, u := range []*cel.Type{double, integer, unsigned} {
			result := t
			if t != u {
				result = anything
			}
			two = append(two, function(name, id+"_"+t.TypeName()+"_"+u.TypeName(), result, t, u))
		}
		many = append(many, function(name, id+"_list_"+t.TypeName(), t, cel.ListType(t)))
	}
	return append(append(one, two...), many...)
}

// extreme expands math.least(...) and math.greatest(...).
func extreme(macro, name string) cel.MacroFactory {
	return func(f cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		if target.Kind() != ast.IdentKind || target.AsIdent() != "math" {
			return nil, nil // a method of that name
		}
		switch len(args) {
		case 0:
			return nil, f.NewError(target.ID(), macro+" takes at least one number")
		case 1:
			if !numeric(args[0]) && !numericList(args[0]) {
				return nil, f.NewError(args[0].ID(), macro+" takes numbers, or a list of them")
			}
			return f.NewCall(name, args[0]), nil
		}
		for _, a := range args {
			if !numeric(a) {
				return nil, f.NewError(a.ID(), macro+" takes numbers")
			}
		}
		if len(args) > 2 {
			args = []ast.Expr{f.NewList(args...)}
		}
		return f.NewCall(name, args...), nil
	}
}

// numeric tells whether an expression is not plainly something else than a
// number.
func numeric(e ast.Expr) bool {
	switch e.Kind() {
	case ast.LiteralKind:
		switch e.AsLiteral().(type) {
		case types.Double, types.Int, types.Uint:
			return true
		}
		return false
	case ast.ListKind, ast.MapKind, ast.StructKind:
		return false
	}
	return true
}

// numericList tells whether an expression lists at least one number, and
// nothing else.
func numericList(e ast.Expr) bool {
	if e.Kind() != ast.ListKind || e.AsList().Size() == 0 {
		return false
	}
	for _, x := range e.AsList().Elements() {
		if !numeric(x) {
			return false
		}
	}
	return true
}
