package celenv

import (
	"fmt"

	"github.com/google/cel-go/cel"
)

// stepWhenCost bounds the work of one expression.
const stepWhenCost = 1_000_000

// StepWhen evaluates the CEL expression of a step's when expression, after its variables were
// replaced. It has no variables, and only CEL's own functions, as in Tekton's entrypoint.
func StepWhen(expr string) (bool, error) {
	env, err := cel.NewEnv()
	if err != nil {
		return false, err
	}
	ast, issues := env.Compile(expr)
	if issues.Err() != nil {
		return false, fmt.Errorf("the CEL expression cannot be compiled: %w", issues.Err())
	}
	program, err := env.Program(ast, cel.CostLimit(stepWhenCost))
	if err != nil {
		return false, err
	}
	value, _, err := program.Eval(map[string]any{})
	if err != nil {
		return false, fmt.Errorf("the CEL expression %s fails: %w", expr, err)
	}
	yes, ok := value.Value().(bool)
	if !ok {
		return false, fmt.Errorf("the CEL expression %s is not true or false", expr)
	}
	return yes, nil
}
