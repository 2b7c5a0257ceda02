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

// checked adds the findings of the rules to those of the builder, in source
// order. One mistake is one finding: if the builder has reported it, findings of
// rules about its consequences are dropped.
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

// consequences are, for a mistake, the rules that report its consequences at the
// same place.
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

// unseen are the mistakes after which it is unknown whether a param or workspace
// is used.
var unseen = []string{
	"handle-sliced", "handle-quoted", "handle-misplaced", "handle-foreign", "scope-mixed",
	"task-invalid", "source-invalid", "stepaction-invalid",
}

// follows reports whether the finding f of a rule is only a consequence of the
// builder's finding first.
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
	// If the builder's finding is about a variable, that is its subject.
	return strings.Contains(first.Subject, ".") && f.Excerpt == "$("+first.Subject+")"
}

// confused reports whether the finding f of a rule is caused by a name that
// another rule reports as invalid or duplicate.
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
