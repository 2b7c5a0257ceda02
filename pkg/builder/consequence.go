package builder

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// checked adds what the rules find to what the builder found itself, in source
// order. One mistake is one finding: where the builder has said what is wrong,
// the rules that see the consequence are not heard.
func checked(own diag.Findings, objects []object.Object) diag.Findings {
	out := append(diag.Findings(nil), own...)
	found, _ := check.Run(context.Background(), objects, check.Profile{}) // which does not end
	for _, f := range found {
		ours := func(first diag.Finding) bool { return follows(first, f) }
		theirs := func(first diag.Finding) bool { return confused(first, f) }
		if slices.ContainsFunc(own, ours) || slices.ContainsFunc(found, theirs) {
			continue
		}
		out = append(out, f)
	}
	out.Sort()
	return slices.CompactFunc(out, func(a, b diag.Finding) bool { return reflect.DeepEqual(a, b) })
}

// consequences are the rules that see at the same place what a mistake leads
// to.
var consequences = map[string][]string{
	"handle-misplaced":   {"name-invalid", "variable-ignored", "param-unknown", "label-invalid"},
	"run-value":          {"name-invalid", "label-invalid"},
	"definition-differs": {"object-duplicate"},
	"array-misplaced":    {"param-type"},
	"handle-foreign":     {"workspace-missing"},
	"cycle":              {"workspace-missing", "param-missing"},
	"result-empty":       {"result-value"},
	"task-invalid":       {"step-missing"},
	"stepaction-invalid": {"image-missing", "step-missing"},
}

// unseen are the mistakes after which it cannot be known what is used.
var unseen = []string{
	"handle-sliced", "handle-quoted", "handle-misplaced", "handle-foreign", "scope-mixed",
	"task-invalid", "source-invalid", "stepaction-invalid",
}

// follows tells whether what a rule found is but a consequence of what the
// builder found first.
func follows(first, f diag.Finding) bool {
	switch {
	case f.Code == "param-unused" || f.Code == "workspace-unused":
		return slices.Contains(unseen, first.Code)
	case first.Code == "source-differs":
		return strings.HasPrefix(f.Code, "param-") && slices.ContainsFunc(f.Related, func(r diag.Related) bool { return r.Object == first.Object })
	case first.Code == "handle-foreign" && f.Code == "workspace-unknown" && f.Subject == first.Subject:
		return true
	case first.Code == "binding-misplaced" && f.Code == "workspace-missing" && f.Subject == first.Subject:
		return true
	case (first.Code == "handle-foreign" || first.Code == "set-misplaced") && f.Code == "param-missing" && first.Subject == "params."+f.Subject:
		return true
	case first.Position == f.Position && slices.Contains(consequences[first.Code], f.Code):
		return true
	}
	// Where the builder finds something wrong with a reference, it is the subject.
	return strings.Contains(first.Subject, ".") && f.Excerpt == "$("+first.Subject+")"
}

// confused tells whether what a rule found comes from a name that another rule
// found to be bad or to be there twice.
func confused(first, f diag.Finding) bool {
	switch first.Code {
	case "name-invalid", "param-duplicate":
		return f.Code != "name-invalid" && f.Code != "param-duplicate" && first.Subject != "" && first.Object == f.Object &&
			(f.Subject == first.Subject || f.Excerpt == "$(params."+first.Subject+")")
	case "workspace-duplicate":
		return f.Code == "mount-duplicate" && f.Position == first.Position
	}
	return false
}
