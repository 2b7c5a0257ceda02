// Package callsite finds the line of user code that called the library.
package callsite

import (
	"runtime"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// module is the import path of the module.
const module = "github.com/tekwright/tekwright/"

// Place is a call stack. It is resolved to a file and a line only when a finding needs
// them. The zero value has no position.
type Place []uintptr

// Here returns the place of the caller of the function that calls Here.
func Here() Place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(Place(nil), pcs[:n]...)
}

// Position returns the file, as a path in the main module, and the line of the innermost frame of user code: code outside
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
			last = positionOf(f)
			if !library(f) {
				return last
			}
		}
		if !more {
			return last
		}
	}
}

// positionOf returns the position of a frame.
func positionOf(f runtime.Frame) diag.Position {
	return diag.Position{File: fileOf(f), Line: f.Line}
}
