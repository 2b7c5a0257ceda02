package celenv

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/parser"
)

// setFunctions are those of cel-go's Sets.
func setFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		function("sets.contains", "list_sets_contains_list", boolean, items, items),
		function("sets.equivalent", "list_sets_equivalent_list", boolean, items, items),
		function("sets.intersects", "list_sets_intersects_list", boolean, items, items),
	}
}

// sortedByKeys is what the macro sortBy expands to.
const sortedByKeys = "@sortByAssociatedKeys"

// listFunctions are those of cel-go's Lists.
func listFunctions() []cel.EnvOption {
	all := []cel.EnvOption{
		method(items, "slice", "list_slice", items, integer, integer),
		method(cel.ListType(items), "flatten", "list_flatten", items),
		method(anyList, "flatten", "list_flatten_int", anyList, integer),
		function("lists.range", "lists_range", integers, integer),
		method(items, "reverse", "list_reverse", items),
		method(items, "distinct", "list_distinct", items),
		cel.Macros(cel.ReceiverMacro("sortBy", 2, sortBy)),
	}
	for _, t := range sortable {
		name := t.TypeName()
		all = append(all,
			method(cel.ListType(t), "sort", "list_"+name+"_sort", cel.ListType(t)),
			method(items, sortedByKeys, "list_"+name+"_sortByAssociatedKeys", items, cel.ListType(t)))
	}
	return all
}

// sortBy expands list.sortBy(x, key): it binds the list to a name, and calls
// sortedByKeys with it and its keys.
func sortBy(f cel.MacroExprFactory, list ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	switch list.Kind() {
	case ast.ListKind, ast.SelectKind, ast.IdentKind, ast.ComprehensionKind, ast.CallKind:
	default:
		return nil, f.NewError(list.ID(), "sortBy is for lists")
	}
	input := f.NewIdent("@__sortBy_input__")
	keys, err := parser.MakeMap(f, f.Copy(input), args)
	if err != nil {
		return nil, err
	}
	sorted := f.NewMemberCall(sortedByKeys, f.Copy(input), keys)
	return f.NewComprehension(
		f.NewList(), "#unused", input.AsIdent(), list, f.NewLiteral(types.False), input, sorted), nil
}
