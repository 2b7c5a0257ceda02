package callsite

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Panic is a panic of a function that the user passed to the library.
type Panic struct {
	Value any   // the value passed to panic
	At    Place // the stack, from the function that panicked
}

// Catch calls f, and returns its panic, or nil if there is none. It does not stop
// runtime.Goexit, which ends a test for example.
func Catch(f func()) (p *Panic) {
	defer func() {
		if v := recover(); v != nil {
			p = &Panic{v, panicking()}
		}
	}()
	f()
	return nil
}

// Caught returns the panic with the given value. The deferred function that has
// recovered it must call Caught before it returns.
func Caught(value any) *Panic { return &Panic{value, panicking()} }

// panicking returns the stack of the function that panics. It is called in a deferred
// function.
func panicking() Place {
	var pcs [200]uintptr
	n := runtime.Callers(2, pcs[:])
	for i, pc := range pcs[:n] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Name() == "runtime.gopanic" {
			return append(Place(nil), pcs[i+1:n]...)
		}
	}
	return nil
}

// Position returns the file and line of the first frame of the user's code. It returns
// false if the library itself, or a function that it called, has panicked.
func (p *Panic) Position() (at diag.Position, users bool) {
	if len(p.At) == 0 {
		return diag.Position{}, false
	}
	frames := runtime.CallersFrames(p.At)
	for {
		f, more := frames.Next()
		switch {
		case f.File == "" || standard(f) || dependency(f):
		case library(f):
			// What follows has called the library.
			if !at.IsValid() {
				at = positionOf(f)
			}
			return at, users
		default:
			return positionOf(f), true
		}
		if !at.IsValid() && f.File != "" && !strings.HasPrefix(f.Function, "runtime.") {
			at = positionOf(f)
		}
		if !more {
			return at, false
		}
	}
}

// library reports whether a frame belongs to this module, and is not a test.
func library(f runtime.Frame) bool {
	path, ok := strings.CutPrefix(f.Function, module)
	return ok && (strings.HasPrefix(path, "pkg/") || strings.HasPrefix(path, "internal/")) && !strings.HasSuffix(f.File, "_test.go")
}

// standard reports whether a frame belongs to Go's standard library, whose packages
// have no dot in the first element of their path.
func standard(f runtime.Frame) bool {
	path := packageOf(f.Function)
	if path == "" {
		return false
	}
	first, _, _ := strings.Cut(path, "/")
	file := "/" + path + f.File[strings.LastIndexByte(f.File, '/'):]
	return path != "main" && !strings.Contains(first, ".") && (strings.HasSuffix(f.File, "/src"+file) || "/"+f.File == file)
}

// dependency reports whether a frame belongs to a module that was downloaded.
func dependency(f runtime.Frame) bool {
	return !library(f) && (strings.Contains(f.File, "/pkg/mod/") || strings.Contains(f.File, "/vendor/") || strings.Contains(f.File, "@v"))
}

// Error returns the value and the position.
func (p *Panic) Error() string {
	text := fmt.Sprintf("it panicked: %v", p.Value)
	if at, _ := p.Position(); at.IsValid() {
		text += " (" + at.Short() + ")"
	}
	return text
}

// Finding returns the finding for a function that panicked. It was passed to the
// library at the given place; what describes it: "the function passed to Mutate".
func (p *Panic) Finding(at Place, what string) diag.Finding {
	f := diag.Finding{
		Code: "function-panicked", Severity: diag.Error, Position: at.Position(),
		Message: fmt.Sprintf("%s panicked: %v", what, p.Value),
	}
	in, users := p.Position()
	if users {
		f.Help = "correct the function"
	}
	if in.IsValid() {
		f.Related = []diag.Related{{Message: "panicked here", Position: in}}
	}
	return f
}

// Changes are functions that change an object, with the places where they were passed
// to the library.
type Changes[T any] []change[T]

type change[T any] struct {
	at Place
	f  func(*T)
}

// Add adds a function. It ignores nil.
func (c *Changes[T]) Add(at Place, f func(*T)) {
	if f != nil {
		*c = append(*c, change[T]{at, f})
	}
}

// Apply calls the functions, and returns a finding about the object for each one that
// panics.
func (c Changes[T]) Apply(v *T, about diag.ObjectRef) diag.Findings {
	var found diag.Findings
	for _, one := range c {
		if p := Catch(func() { one.f(v) }); p != nil {
			f := p.Finding(one.at, "the function passed to Mutate")
			f.Object = about
			found = append(found, f)
		}
	}
	return found
}
