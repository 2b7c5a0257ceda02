package cluster

import (
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Action is what became of an object of a set. In a dry run it is what would
// become of it.
type Action string

// The actions.
const (
	Created    Action = "created"    // it was not there
	Configured Action = "configured" // it was there, and is another now
	Unchanged  Action = "unchanged"  // it was there, just so
	Pruned     Action = "pruned"     // the set has it no longer; it was deleted
	Kept       Action = "kept"       // the set has it no longer, and its kind is never deleted: see Change.Reason
	Skipped    Action = "skipped"    // nothing was done: see Change.Reason
	Missing    Action = "missing"    // a declared Secret that is not in the cluster: see Change.Help
)

// Change is what Apply did about one object.
type Change struct {
	Object   diag.ObjectRef // with the namespace that it is in, "" where its kind has none
	Position diag.Position  // what asked for the object; the zero Position for one that was pruned or kept
	Action   Action
	DryRun   bool // nothing was stored: it is what would become of the object

	// Reason is why: of Kept, Skipped and Missing, and where it is no matter of
	// course. One sentence, lower case, without a full stop.
	Reason string
	// Help is what to do about it: the command that makes a missing Secret.
	Help string
	// Diff turns what the cluster had into what it has now, as a unified diff of
	// YAML; only of Configured. Values of Secrets do not stand in it.
	Diff string
	// Warnings are those of the API server and of Tekton, in their words.
	Warnings []string
}

// would are the actions that a dry run tells in other words.
var would = map[Action]string{Created: "would create", Configured: "would configure", Pruned: "would prune"}

// String says it in one line, with the reason: created Task "kaniko" in
// namespace "ci"; would create Task "kaniko" in namespace "ci" in a dry run.
// Help, Diff and Warnings do not stand in it.
func (c Change) String() string {
	word := string(c.Action)
	if c.DryRun && would[c.Action] != "" {
		word = would[c.Action]
	}
	s := word + " " + named(c.Object)
	if c.Reason != "" {
		s += ": " + c.Reason
	}
	return s
}

// named is the object, and where it is.
func named(r diag.ObjectRef) string {
	if r.Namespace == "" {
		return r.String()
	}
	return r.String() + " in namespace " + strconv.Quote(r.Namespace)
}
