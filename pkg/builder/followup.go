package builder

import (
	"context"
	"reflect"
	"slices"

	"github.com/tekwright/tekwright/internal/followup"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// checked adds the findings of the rules to those of the builder, in source
// order. One mistake is one finding: if the builder has reported it, findings of
// rules about its consequences are dropped.
func checked(own diag.Findings, objects []object.Object, profile check.Profile) diag.Findings {
	out := append(diag.Findings(nil), own...)
	found, _ := check.Run(context.Background(), objects, profile) // which does not end
	mistakes, names := followup.New(own), confusing(found)
	for _, f := range found {
		if !mistakes.Explain(f) && !names.explain(f) {
			out = append(out, f)
		}
	}
	out.Sort()
	return slices.CompactFunc(out, func(a, b diag.Finding) bool { return reflect.DeepEqual(a, b) })
}

// confused are the names that a rule reports as invalid or duplicate. What other rules
// report about them follows.
type confused struct {
	names  map[confusedName]bool
	mounts map[diag.Position]bool // of workspaces that are declared twice
}

type confusedName struct {
	object diag.ObjectRef
	name   string
}

func confusing(found diag.Findings) confused {
	c := confused{map[confusedName]bool{}, map[diag.Position]bool{}}
	for _, f := range found {
		switch {
		case f.Code == "workspace-duplicate":
			c.mounts[f.Position] = true
		case (f.Code == "name-invalid" || f.Code == "param-duplicate") && f.Subject != "":
			c.names[confusedName{f.Object, f.Subject}] = true
			c.names[confusedName{f.Object, "$(params." + f.Subject + ")"}] = true
		}
	}
	return c
}

// explain reports whether a finding follows from such a name.
func (c confused) explain(f diag.Finding) bool {
	switch f.Code {
	case "name-invalid", "param-duplicate":
		return false
	case "mount-duplicate":
		if c.mounts[f.Position] {
			return true
		}
	}
	return c.names[confusedName{f.Object, f.Subject}] || c.names[confusedName{f.Object, f.Excerpt}]
}
