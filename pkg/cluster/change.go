package cluster

import (
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Action is what Apply did with an object. In a dry run it is what Apply would
// have done.
type Action string

// The actions of [Client.Apply].
const (
	Created    Action = "created"    // it did not exist
	Configured Action = "configured" // it existed and was changed
	Unchanged  Action = "unchanged"  // it existed and did not need to be changed
	Pruned     Action = "pruned"     // it is no longer in the set and was deleted
	Kept       Action = "kept"       // it is no longer in the set, but its kind is never deleted; see Change.Reason
	Skipped    Action = "skipped"    // it was not sent; see Change.Reason
	Missing    Action = "missing"    // it is a declared Secret that does not exist in the cluster; see Change.Help
)

// Change describes what Apply did with one object.
type Change struct {
	Object   diag.ObjectRef // its Namespace is "" if the kind is cluster-scoped
	Position diag.Position  // where the object is defined; the zero Position if it was pruned or kept
	Action   Action
	DryRun   bool // nothing was stored

	// Reason explains the Actions Kept, Skipped and Missing, and others where
	// they are not obvious. It is one sentence, in lower case and without a
	// full stop.
	Reason string
	// Help says what to do, such as the command that creates a missing Secret.
	Help string
	// Diff is a unified diff, in YAML, from the old to the new state of the
	// object. It is set only for Configured. Values of Secrets are hidden.
	Diff string
	// Warnings are the warnings of the API server and of Tekton, unchanged.
	Warnings []string
}

// would maps actions to their wording in a dry run.
var would = map[Action]string{Created: "would create", Configured: "would configure", Pruned: "would prune"}

// String returns the change in one line, with the reason: created Task "kaniko"
// in namespace "ci"; or, in a dry run: would create Task "kaniko" in namespace
// "ci". Help, Diff and Warnings are not included. Like [Event.String], it can be written
// to a terminal.
func (c Change) String() string {
	word := string(c.Action)
	if c.DryRun && would[c.Action] != "" {
		word = would[c.Action]
	}
	s := word + " " + named(c.Object)
	if c.Reason != "" {
		s += ": " + c.Reason
	}
	return printable.Line(s)
}

// named returns the object with its namespace.
func named(r diag.ObjectRef) string {
	if r.Namespace == "" {
		return printable.Line(r.String())
	}
	return printable.Sprintf("%s in namespace %q", r, r.Namespace)
}
