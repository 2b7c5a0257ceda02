package builder

import (
	"fmt"
	"strconv"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/pkg/check"
)

// place is where the user asked for something.
type place = caller.Place

// problems is where chains record what is wrong. It is shared by a pipeline
// and everything declared in it.
type problems struct {
	owner check.Ref // the object that a finding is about unless it says otherwise
	list  check.Findings
}

// report records an error at a place.
func (ps *problems) report(at place, code, message string) *check.Finding {
	if ps == nil {
		return &check.Finding{}
	}
	owner := ps.owner
	owner.Name = ref.Strip(owner.Name)
	ps.list = append(ps.list, check.Finding{
		Code: code, Severity: check.Error, Object: owner, Place: at.String(), Message: message,
	})
	return &ps.list[len(ps.list)-1]
}

// reportf is report with a formatted message.
func (ps *problems) reportf(at place, code, format string, args ...any) *check.Finding {
	return ps.report(at, code, fmt.Sprintf(format, args...))
}

// quote quotes a name for a message. A handle in it is shown as Tekton would
// read it.
func quote(s string) string { return strconv.Quote(ref.Strip(s)) }
