package builder

import (
	"runtime"
	"strconv"
	"strings"
)

// module is the import path below which code counts as ours.
const module = "github.com/tekwright/tekwright/pkg/"

// place remembers a call stack; it is resolved to "file:line" only when a
// finding needs it.
type place []uintptr

// here returns the place of the exported method that calls it.
func here() place {
	var pcs [20]uintptr
	n := runtime.Callers(3, pcs[:])
	return append(place(nil), pcs[:n]...)
}

// String returns "file:line" of the first frame that is the user's: outside
// this module's pkg/, or in a test.
func (p place) String() string {
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
