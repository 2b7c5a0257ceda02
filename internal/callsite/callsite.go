// Package callsite finds the line of user code that called the library.
package callsite

import (
	"runtime"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// module is the common prefix of the import paths of the library.
const module = "github.com/tekwright/tekwright/pkg/"

// own is the prefix of the functions of this package, such as Catch, through which the
// library calls functions of the user.
const own = "github.com/tekwright/tekwright/internal/callsite."

// Place is a call stack. It is resolved to a file and a line only when a finding needs
// them. The zero value has no position.
type Place []uintptr

// Here returns the place of the caller of the function that calls Here.
func Here() Place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(Place(nil), pcs[:n]...)
}

// Position returns the file and line of the innermost frame of user code: code outside
// the library, or in a test. If there is none, it returns those of the outermost frame,
// or the zero Position if p has no frames.
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
			if !strings.HasPrefix(f.Function, module) && !strings.HasPrefix(f.Function, own) || strings.HasSuffix(f.File, "_test.go") {
				return last
			}
		}
		if !more {
			return last
		}
	}
}
