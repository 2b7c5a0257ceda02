package celenv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/parser"

	"github.com/tekwright/tekwright/internal/memo"
)

// maxMatcherCalls is the maximum number of calls and comparisons of an expression of
// Pipelines-as-Code, which has no such limit. It is also that of the templates.
const maxMatcherCalls = 2000

var errMatcherCalls = fmt.Errorf("the expression has more than %d calls and comparisons", maxMatcherCalls)

// MatcherVariables are the variables of on-cel-expression, the annotation of
// Pipelines-as-Code. Its other variables are the params of the Repository.
var MatcherVariables = []string{
	"body", "event", "event_title", "event_type", "files", "headers", "source_branch", "source_url",
	"target_branch", "target_url",
}

// A MatcherExpression is a compiled on-cel-expression of Pipelines-as-Code.
type MatcherExpression struct {
	// Type is the type of the value: bool, dyn, or one with which the expression never
	// matches.
	Type string

	text string
	env  *cel.Env
	root ast.Expr
	info *ast.SourceInfo
}

// IsCondition reports whether the value of the expression may be a bool.
func (m *MatcherExpression) IsCondition() bool {
	return m.Type == "bool" || m.Type == "dyn"
}

// A MatcherEnv compiles expressions as Pipelines-as-Code compiles on-cel-expression: with
// the standard library, pathChanged, and the params of the Repository as strings.
type MatcherEnv struct{ env *cel.Env }

// NewMatcherEnv returns an environment with params. The function changed is the
// implementation of pathChanged.
func NewMatcherEnv(params []string, changed func(pattern string) (bool, error)) (*MatcherEnv, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	declared := []cel.EnvOption{
		cel.Function("pathChanged", cel.MemberOverload("pathChanged", []*cel.Type{cel.StringType}, cel.BoolType,
			cel.UnaryBinding(func(v ref.Val) ref.Val {
				pattern, _ := v.Value().(string)
				matched, err := changed(pattern)
				if err != nil {
					return types.WrapErr(err)
				}
				return types.Bool(matched)
			}))),
		cel.EnableMacroCallTracking(), // for Conjuncts
		cel.Variable("event", cel.StringType),
		cel.Variable("event_type", cel.StringType),
		cel.Variable("headers", object),
		cel.Variable("body", object),
		cel.Variable("event_title", cel.StringType),
		cel.Variable("target_branch", cel.StringType),
		cel.Variable("source_branch", cel.StringType),
		cel.Variable("target_url", cel.StringType),
		cel.Variable("source_url", cel.StringType),
		cel.Variable("files", object),
	}
	for _, p := range params {
		if !slices.Contains(MatcherVariables, p) {
			declared = append(declared, cel.Variable(p, cel.StringType))
		}
	}
	env, err := cel.NewEnv(declared...)
	if err != nil {
		return nil, fmt.Errorf("the params of the Repository cannot be declared: %w", err)
	}
	return &MatcherEnv{env}, nil
}

// Compile compiles an expression. An error has the position in the expression.
func (m *MatcherEnv) Compile(expr string) (_ *MatcherExpression, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the expression cannot be compiled")
		}
	}()
	parsed, issues := m.env.Parse(expr)
	if err := explain(issues); err != nil {
		return nil, err
	}
	if err := withinLimits(parsed.NativeRep().Expr()); err != nil {
		return nil, err
	}
	if calls(parsed.NativeRep().Expr()) > maxMatcherCalls {
		return nil, errMatcherCalls
	}
	// Checking the parts modifies the expression.
	copied, issues := m.env.Parse(expr)
	if err := explain(issues); err != nil {
		return nil, err
	}
	t, err := typeOf(m.env, copied, false)
	if err != nil {
		return nil, err
	}
	return &MatcherExpression{Type: t.String(), text: expr, env: m.env, root: parsed.NativeRep().Expr(), info: parsed.NativeRep().SourceInfo()}, nil
}

// Matcher compiles an expression like [MatcherEnv.Compile], without params. The result
// is not for evaluation: no file is changed.
func Matcher(expr string) (*MatcherExpression, error) {
	c := recentMatchers.Of(expr, func() (matcherCompiled, int) {
		env, err := matcherWithoutParams()
		if err != nil {
			return matcherCompiled{nil, err}, 1
		}
		m, err := env.Compile(expr)
		return matcherCompiled{m, err}, 4 * len(expr)
	})
	return c.m, c.err
}

var matcherWithoutParams = sync.OnceValues(func() (*MatcherEnv, error) {
	return NewMatcherEnv(nil, func(string) (bool, error) { return false, nil })
})

// matcherCompiled is a result of Matcher.
type matcherCompiled struct {
	m   *MatcherExpression
	err error
}

var recentMatchers = memo.NewRecent[string, matcherCompiled](64 << 10)

// Eval evaluates the expression within a budget. It reports whether the value is true; any
// other value does not match.
func (m *MatcherExpression) Eval(data map[string]any, b *Budget) (matches bool, value string, err error) {
	defer func() {
		if recover() != nil {
			matches, value, err = false, "", errors.New("the expression cannot be evaluated")
		}
	}()
	// Compile has checked its parts, for which the time is not that of the square.
	if !b.spend(compiling(calls(m.root))) {
		return false, "", ErrBudget
	}
	checked, issues := m.env.Compile(m.text)
	if err := explain(issues); err != nil {
		return false, "", err
	}
	out, err := b.evaluate(m.env, checked, maxEvaluation, data)
	if errors.Is(err, ErrBudget) {
		return false, "", err
	}
	if err != nil {
		return false, "", errors.New(oneLine(err.Error()))
	}
	return out == types.True, shown(out), nil
}

// Conjuncts returns the conditions of the expression that are joined by &&, in their order;
// nil if there is only one, or if they cannot be written.
func (m *MatcherExpression) Conjuncts() []string { return conjuncts(m.root, m.info) }

// Conjuncts returns the conditions of a parsed expression that are joined by &&, in their
// order; nil if there is only one, or if they cannot be written.
func Conjuncts(parsed *cel.Ast) []string {
	return conjuncts(parsed.NativeRep().Expr(), parsed.NativeRep().SourceInfo())
}

func conjuncts(root ast.Expr, info *ast.SourceInfo) []string {
	var out []string
	var add func(ast.Expr) bool
	add = func(e ast.Expr) bool {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
			return add(e.AsCall().Args()[0]) && add(e.AsCall().Args()[1])
		}
		text, err := parser.Unparse(e, info)
		out = append(out, text)
		return err == nil
	}
	if !add(root) || len(out) < 2 {
		return nil
	}
	return out
}

// shown returns a value for a message.
func shown(v ref.Val) string {
	switch v.Type() {
	case types.BoolType, types.IntType, types.UintType, types.DoubleType, types.NullType:
		return fmt.Sprint(v.Value())
	case types.StringType:
		return oneLine(fmt.Sprintf("%q", v.Value()))
	}
	return "a value of type " + v.Type().TypeName()
}

// Mentions reports whether the expression refers to a variable.
func (m *MatcherExpression) Mentions(variable string) bool {
	return anyExpr(m.root, func(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == variable })
}

// HasFullBranch reports whether the expression has a text with refs/heads/. Otherwise
// Pipelines-as-Code removes this prefix from the branches of a push.
func (m *MatcherExpression) HasFullBranch() bool {
	return anyExpr(m.root, func(e ast.Expr) bool {
		s, ok := literal(e)
		return ok && strings.Contains(s, "refs/heads/")
	})
}

// Texts returns the texts in the expression, in their order.
func (m *MatcherExpression) Texts() []string {
	var out []string
	ast.PreOrderVisit(m.root, ast.NewExprVisitor(func(e ast.Expr) {
		if s, ok := literal(e); ok {
			out = append(out, s)
		}
	}))
	return out
}

// ReadsLabels reports whether the expression refers to event_type, or to a field or key
// with the name labels or pull_request_labels. Others are false when a label is added.
func (m *MatcherExpression) ReadsLabels() bool {
	isLabels := func(name string) bool { return name == "labels" || name == "pull_request_labels" }
	return anyExpr(m.root, func(e ast.Expr) bool {
		switch e.Kind() {
		case ast.IdentKind:
			return e.AsIdent() == "event_type"
		case ast.SelectKind:
			return isLabels(e.AsSelect().FieldName())
		case ast.CallKind:
			if c := e.AsCall(); c.FunctionName() == operators.Index && len(c.Args()) == 2 {
				s, ok := literal(c.Args()[1])
				return ok && isLabels(s)
			}
		}
		return false
	})
}

// anyExpr reports whether a condition holds for an expression or a part of it.
func anyExpr(e ast.Expr, holds func(ast.Expr) bool) bool {
	found := false
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) { found = found || holds(e) }))
	return found
}

// Calls reports whether the expression calls a function.
func (m *MatcherExpression) Calls(function string) bool {
	return anyExpr(m.root, func(e ast.Expr) bool { return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == function })
}

// Compared returns the texts that a variable is compared with by == or in, in the order
// of the expression.
func (m *MatcherExpression) Compared(variable string) []string {
	var out []string
	ast.PreOrderVisit(m.root, ast.NewExprVisitor(func(e ast.Expr) { out = append(out, options(e, variable)...) }))
	return out
}

// Required returns, for each operand of the && of the expression that compares a variable
// by == or in, the texts one of which the variable must have.
func (m *MatcherExpression) Required(variable string) [][]string {
	var out [][]string
	var visit func(e ast.Expr)
	visit = func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
			for _, operand := range e.AsCall().Args() {
				visit(operand)
			}
			return
		}
		if texts := alternatives(e, variable); texts != nil {
			out = append(out, texts)
		}
	}
	visit(m.root)
	return out
}

// alternatives returns the texts one of which a variable must have for an expression to be
// true: of ==, in, and an || of them. Nil means that it may have any.
func alternatives(e ast.Expr, variable string) []string {
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalOr {
		var out []string
		for _, operand := range e.AsCall().Args() {
			texts := alternatives(operand, variable)
			if texts == nil {
				return nil
			}
			out = append(out, texts...)
		}
		return out
	}
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
		for _, operand := range e.AsCall().Args() {
			if texts := alternatives(operand, variable); texts != nil {
				return texts
			}
		}
		return nil
	}
	return options(e, variable)
}

// options returns the texts that a variable is compared with in an expression with == or
// in, nil if it is another expression.
func options(e ast.Expr, variable string) []string {
	if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
		return nil
	}
	isVariable := func(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == variable }
	left, right := e.AsCall().Args()[0], e.AsCall().Args()[1]
	switch e.AsCall().FunctionName() {
	case operators.Equals:
		if isVariable(right) {
			left, right = right, left
		}
		if text, ok := literal(right); ok && isVariable(left) {
			return []string{text}
		}
	case operators.In:
		if !isVariable(left) || right.Kind() != ast.ListKind {
			return nil
		}
		texts := []string{}
		for _, x := range right.AsList().Elements() {
			text, ok := literal(x)
			if !ok {
				return nil
			}
			texts = append(texts, text)
		}
		return texts
	}
	return nil
}

// RequiresPattern reports whether the expression is true only if pathChanged is true for a
// literal pattern for which a condition holds.
func (m *MatcherExpression) RequiresPattern(holds func(pattern string) bool) bool {
	var requires func(e ast.Expr) bool
	requires = func(e ast.Expr) bool {
		if e.Kind() != ast.CallKind {
			return false
		}
		c := e.AsCall()
		switch c.FunctionName() {
		case operators.LogicalAnd:
			return slices.ContainsFunc(c.Args(), requires)
		case operators.LogicalOr:
			return !slices.ContainsFunc(c.Args(), func(e ast.Expr) bool { return !requires(e) })
		case "pathChanged":
			if !c.IsMemberFunction() {
				return false
			}
			text, ok := literal(c.Target())
			return ok && holds(text)
		}
		return false
	}
	return requires(m.root)
}

// Keys returns the literal keys that the expression reads of a map, as x.key or x["key"].
// Those that it only tests with has are left out.
func (m *MatcherExpression) Keys(variable string) []string {
	var out []string
	add := func(of ast.Expr, key string) {
		if of.Kind() == ast.IdentKind && of.AsIdent() == variable && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	ast.PreOrderVisit(m.root, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			if s := e.AsSelect(); !s.IsTestOnly() {
				add(s.Operand(), s.FieldName())
			}
		case ast.CallKind:
			if c := e.AsCall(); c.FunctionName() == operators.Index && len(c.Args()) == 2 {
				if key, ok := literal(c.Args()[1]); ok {
					add(c.Args()[0], key)
				}
			}
		}
	}))
	return out
}

// Patterns returns the literal patterns of pathChanged.
func (m *MatcherExpression) Patterns() []string {
	var out []string
	ast.PreOrderVisit(m.root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "pathChanged" && e.AsCall().IsMemberFunction() {
			if text, ok := literal(e.AsCall().Target()); ok {
				out = append(out, text)
			}
		}
	}))
	return out
}

// Reads reports whether the expression reads a field of the body, such as pull_request,
// and whether it also tests with has that the field exists.
func (m *MatcherExpression) Reads(field string) (reads, tests bool) {
	ast.PreOrderVisit(m.root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.SelectKind || e.AsSelect().FieldName() != field {
			return
		}
		if of := e.AsSelect().Operand(); of.Kind() == ast.IdentKind && of.AsIdent() == "body" {
			if e.AsSelect().IsTestOnly() {
				tests = true
			} else {
				reads = true
			}
		}
	}))
	return reads, tests
}
