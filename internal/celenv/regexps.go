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
		args := e.AsCall().Args()
		if len(args) == 0 {
			continue
		}
		pattern := args[len(args)-1]
		if pattern.Kind() != ast.LiteralKind {
			continue
		}
		if s, ok := pattern.AsLiteral().(types.String); ok {
			if _, err := regexp.Compile(string(s)); err != nil {
				issues.ReportErrorAtID(pattern.ID(), "%s", err.Error())
			}
		}
	}
}
