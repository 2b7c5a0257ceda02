// Package caller finds the line of the user's code that asked for something.
package caller

import (
	"runtime"
	"strconv"
	"strings"
)

// module is the import path below which code counts as ours.
const module = "github.com/tekwright/tekwright/pkg/"

// Place remembers a call stack; it is resolved to "file:line" only when a
// finding needs it. The zero value is nowhere.
type Place []uintptr

// Here returns the place of whoever calls the function that calls Here.
func Here() Place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(Place(nil), pcs[:n]...)
}

// String returns "file:line" of the first frame that is the user's: outside
// this module's pkg/, or in a test. It is "" for nowhere.
func (p Place) String() string {
	if len(p) == 0 {
		return ""
	}
	frames := runtime.CallersFrames(p)
	last := ""
	for {
		f, more := frames.Next()
		if f.File != "" && !strings.HasPrefix(f.Function, "runtime.") {
			last = f.File + ":" + strconv.Itoa(f.Line)
			if !strings.HasPrefix(f.Function, module) || strings.HasSuffix(f.File, "_test.go") {
				return last
			}
		}
		if !more {
			return last
		}
	}
}
