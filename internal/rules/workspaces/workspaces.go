// Package workspaces has the rules about workspaces: their declarations, their
// bindings, and their uses.
package workspaces

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	matrixShared,
	workspaceDuplicate,
	workspaceExtra,
	workspaceIsolated,
	workspaceMissing,
	workspaceOptional,
	workspaceUnknown,
	workspaceUnordered,
	workspaceUnused,
}
