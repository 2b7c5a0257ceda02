// Package callsite finds the line of the user's code that asked for something.
package callsite

import (
	"runtime"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// module is the import path below which code counts as ours.
const module = "github.com/tekwright/tekwright/pkg/"

// Place remembers a call stack; it is resolved to a file and a
// line only when a finding needs it. The zero value is nowhere.
type Place []uintptr

// Here returns the place of whoever calls the function that calls Here.
func Here() Place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(Place(nil), pcs[:n]...)
}

// Position returns the file and the line of the first frame that is the user's:
// outside this module's pkg/, or in a test. It is the zero Position for nowhere.
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
