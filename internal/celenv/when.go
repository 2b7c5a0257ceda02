package celenv

import (
	"errors"
	"sync"

	"github.com/google/cel-go/cel"
)

// When returns an error if an expression is not a valid CEL when expression. Tekton
// Pipelines compiles it before variable substitution, in an environment without
// variables.
func When(expr string) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the expression cannot be compiled")
		}
	}()
	env, err := emptyEnvironment()
	if err != nil {
		return err
	}
	_, issues := env.Compile(expr)
	return explain(issues)
}

var emptyEnvironment = sync.OnceValues(func() (*cel.Env, error) { return cel.NewEnv() })
