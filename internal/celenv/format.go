package celenv

import (
	"errors"
	"strconv"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// formatOverload is "...".format([...]).
const formatOverload = "string_format"

// maxPrecision is the largest precision that %f and %e take.
const maxPrecision = 100

// formatCalls checks calls of format whose text and list of arguments are both
// literals, as cel-go's Strings does.
type formatCalls struct{}

// Name is the name under which an environment keeps the validator.
func (formatCalls) Name() string { return "cel.validator.string_format" }

// Validate reports clauses that are none, and arguments that are missing, too
// many, or of a type that their clause does not take.
func (formatCalls) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, issues *cel.Issues) {
	for _, e := range ast.MatchDescendants(ast.NavigateAST(a), isFormatCall(a)) {
		args := e.AsCall().Args()[0].AsList().Elements()
		layout, _ := e.AsCall().Target().AsLiteral().Value().(string)
		if at, err := checkFormat(a, layout, args); err != nil {
			id := e.ID()
			if at != 0 {
				id = at
			}
			issues.ReportErrorAtID(id, "%s", err.Error())
		}
	}
}

func isFormatCall(a *ast.AST) ast.ExprMatcher {
	return func(e ast.NavigableExpr) bool {
		if e.Kind() != ast.CallKind {
			return false
		}
		call := e.AsCall()
		if !call.IsMemberFunction() || call.FunctionName() != "format" || len(call.Args()) != 1 {
			return false
		}
		target := call.Target()
		return target.Kind() == ast.LiteralKind && target.AsLiteral().Type() == cel.StringType &&
			call.Args()[0].Kind() == ast.ListKind
	}
}

// checkFormat checks one call. With an error comes the expression that it is
// about, 0 for the whole call.
func checkFormat(a *ast.AST, layout string, args []ast.Expr) (int64, error) {
	used := 0
	for {
		_, rest, found := strings.Cut(layout, "%")
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			layout = rest[1:]
			continue
		}
		verb, rest, err := clause(rest)
		if err != nil {
			return 0, err
		}
		if used >= len(args) {
			return 0, errors.New("format has more clauses than arguments, which are " + strconv.Itoa(len(args)))
		}
		if at, ok := takes(a, verb, args[used]); !ok {
			return at, errors.New("format writes no " + typeName(a, at) + " with %" + string(verb))
		}
		used++
		layout = rest
	}
	if len(args) > used {
		return 0, errors.New("format takes " + strconv.Itoa(used) + " arguments here, not " + strconv.Itoa(len(args)))
	}
	return 0, nil
}

// clause reads what follows a %: an optional precision and a letter.
func clause(s string) (verb byte, rest string, err error) {
	if strings.HasPrefix(s, ".") {
		digits := s[1 : len(s)-len(strings.TrimLeft(s[1:], "0123456789"))]
		n, err := strconv.Atoi(digits)
		if err != nil || n > maxPrecision {
			return 0, "", errors.New("the precision of a format clause is a number up to " + strconv.Itoa(maxPrecision))
		}
		s = s[1+len(digits):]
	}
	if s == "" {
		return 0, "", errors.New("the format ends within a clause; write %% for a percent sign")
	}
	if !strings.Contains("sdfebxXo", s[:1]) {
		return 0, "", errors.New("%" + strings.ToValidUTF8(string([]rune(s)[:1]), "?") + " is no format clause")
	}
	return s[0], s[1:], nil
}

// takes tells whether a clause takes an argument, and if not, which part of it
// is in the way.
func takes(a *ast.AST, verb byte, arg ast.Expr) (int64, bool) {
	if !oneOf(a.GetType(arg.ID()), kinds(verb)) {
		return arg.ID(), false
	}
	if verb != 's' {
		return 0, true
	}
	var parts []ast.Expr
	switch arg.Kind() {
	case ast.ListKind:
		parts = arg.AsList().Elements()
	case ast.MapKind:
		for _, e := range arg.AsMap().Entries() {
			parts = append(parts, e.AsMapEntry().Key(), e.AsMapEntry().Value())
		}
	}
	for _, p := range parts {
		if at, ok := takes(a, verb, p); !ok {
			return at, false
		}
	}
	return 0, true
}

// kinds are the types that a clause takes.
func kinds(verb byte) []types.Kind {
	switch verb {
	case 'd', 'f', 'e':
		return []types.Kind{types.IntKind, types.UintKind, types.DoubleKind}
	case 'b':
		return []types.Kind{types.BoolKind, types.IntKind, types.UintKind}
	case 'o':
		return []types.Kind{types.IntKind, types.UintKind}
	case 'x', 'X':
		return []types.Kind{types.IntKind, types.UintKind, types.StringKind, types.BytesKind}
	}
	return []types.Kind{
		types.ListKind, types.MapKind, types.IntKind, types.UintKind, types.DoubleKind, types.BoolKind, types.StringKind,
		types.TimestampKind, types.BytesKind, types.DurationKind, types.TypeKind, types.NullTypeKind,
	}
}

func oneOf(t *cel.Type, kinds []types.Kind) bool {
	if t == cel.DynType {
		return true
	}
	for _, k := range kinds {
		if t.Kind() == k {
			return true
		}
	}
	return false
}

func typeName(a *ast.AST, id int64) string { return a.GetType(id).TypeName() }
