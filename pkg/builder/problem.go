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
}

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
// there is none.
func (ps *problems) catch(at place, what string, f func()) bool {
	p := callsite.Catch(f)
	if p == nil {
		return true
	}
	if ps != nil {
		f := p.Finding(at, what)
		f.Object = ps.about()
		ps.list = append(ps.list, f)
	}
	return false
}

// quote quotes a name for a message. A handle in it is shown as its variable.
func quote(s string) string { return strconv.Quote(handle.Strip(s)) }
