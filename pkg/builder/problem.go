package builder

import (
	"fmt"
	"strconv"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// place is a place in the caller's code.
type place = callsite.Place

// problems records what is wrong. It is shared by a pipeline and everything
// declared in it.
type problems struct {
	owner diag.ObjectRef // the object that a finding is about, unless it is changed
	list  diag.Findings

	depth   int  // of the functions that catch calls now
	endless bool // they were too deep
}

// deepest is how deep functions that describe tasks can be nested. One that adds its own
// task has no end, and would end the program.
const deepest = 100

// report records an error at a place.
func (ps *problems) report(at place, code, message string) *diag.Finding {
	if ps == nil {
		return &diag.Finding{}
	}
	ps.list = append(ps.list, diag.Finding{
		Code: code, Severity: diag.Error, Object: ps.about(), Position: at.Position(), Message: message,
	})
	return &ps.list[len(ps.list)-1]
}

// about returns the object that findings are about.
func (ps *problems) about() diag.ObjectRef {
	owner := ps.owner
	owner.Name = handle.Strip(owner.Name)
	return owner
}

// mutate calls the functions that were passed to Mutate.
func mutate[T any](ps *problems, changes callsite.Changes[T], v *T) {
	ps.list = append(ps.list, changes.Apply(v, ps.about())...)
}

// reportf is report with a formatted message.
func (ps *problems) reportf(at place, code, format string, args ...any) *diag.Finding {
	return ps.report(at, code, fmt.Sprintf(format, args...))
}

// catch calls a function of the caller, and records its panic. It reports whether
// there is none. It does not call one that is nested too deep, and then reports false for
// all functions around it.
func (ps *problems) catch(at place, what string, f func()) bool {
	if ps == nil {
		return callsite.Catch(f) == nil
	}
	if ps.depth == 0 {
		ps.endless = false
	}
	if ps.endless {
		return false
	}
	if ps.depth == deepest {
		ps.endless = true
		ps.reportf(at, "task-invalid", "definitions of tasks are nested more than %d deep, here that of %s", deepest, what).
			Help = "a task cannot contain itself: do not add it in its own definition"
		return false
	}
	ps.depth++
	p := func() *callsite.Panic {
		defer func() { ps.depth-- }() // also if f calls runtime.Goexit
		return callsite.Catch(f)
	}()
	if p != nil {
		f := p.Finding(at, what)
		f.Object = ps.about()
		ps.list = append(ps.list, f)
	}
	return p == nil && !ps.endless
}

// quote quotes a name for a message. A handle in it is shown as its variable.
func quote(s string) string { return strconv.Quote(handle.Strip(s)) }
