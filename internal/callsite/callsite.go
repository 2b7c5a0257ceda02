// Package callsite finds the line of the user's code that called the library.
package callsite

import (
	"runtime"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// module is the import path prefix of this module's own code.
const module = "github.com/tekwright/tekwright/pkg/"

// Place is a call stack that is resolved to a file and a line only when a
// finding needs it. The zero value has no position.
type Place []uintptr

// Here returns the place of the caller of the function that calls Here.
func Here() Place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(Place(nil), pcs[:n]...)
}

// Position returns the file and the line of the first frame of the user's code:
// outside this module's pkg/, or in a test. It returns the zero Position if
// there is none.
func (p Place) Position() diag.Position {
	if len(p) == 0 {
		return diag.Position{}
	}
	frames := runtime.CallersFrames(p)
	var last diag.Position
	for {
		f, more := frames.Next()
		if f.File != "" && !strings.HasPrefix(f.Function, "runtime.") {
			last = diag.Position{File: f.File, Line: f.Line}
			if !strings.HasPrefix(f.Function, module) || strings.HasSuffix(f.File, "_test.go") {
				return last
			}
		}
		if !more {
			return last
		}
	}
}
