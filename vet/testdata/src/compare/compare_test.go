package compare

import "github.com/tekwright/tekwright/pkg/builder"

// A test may ask whether it is the same handle, but not for a value.
func same(a, b builder.String, w, v builder.Workspace) bool {
	_ = a == "main" // want `compares a variable reference`
	return a == b && w == v
}
