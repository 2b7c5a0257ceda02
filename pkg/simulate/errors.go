package simulate

import (
	"fmt"
)

// errorf returns an error of this package.
func errorf(format string, args ...any) error {
	return fmt.Errorf("simulate: "+format, args...)
}

// RefusedError is returned for a run that a cluster does not admit.
type RefusedError struct {
	// Object is the object, such as PipelineRun/release-1.
	Object string
	// Err is the error of Tekton's webhook.
	Err error
}

// Error returns the words of Tekton.
func (e *RefusedError) Error() string {
	if e == nil || e.Err == nil {
		return "Tekton refuses the object"
	}
	return "Tekton refuses " + e.Object + ": " + e.Err.Error()
}

// Unwrap returns the error of Tekton's webhook.
func (e *RefusedError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}
