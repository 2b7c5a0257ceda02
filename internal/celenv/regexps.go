package celenv

import (
	"regexp"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// regexps checks literal regular expressions. With an invalid one, the interceptor
// fails for every event.
type regexps struct{}

// Name returns the name of the validator.
func (regexps) Name() string { return "tekwright.validator.regexps" }

// Validate reports regular expressions that do not compile.
func (regexps) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, issues *cel.Issues) {
	for _, e := range ast.MatchDescendants(ast.NavigateAST(a), ast.FunctionMatcher("matches")) {
		if pattern, ok := patternOf(e); ok {
			if _, err := regexp.Compile(pattern); err != nil {
				args := e.AsCall().Args()
				issues.ReportErrorAtID(args[len(args)-1].ID(), "%s", err.Error())
			}
		}
	}
}

// patternOf returns the regular expression of a call of matches, if it is a literal.
func patternOf(e ast.Expr) (string, bool) {
	args := e.AsCall().Args()
	if e.AsCall().FunctionName() != "matches" || len(args) == 0 || args[len(args)-1].Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := args[len(args)-1].AsLiteral().(types.String)
	return string(s), ok
}
