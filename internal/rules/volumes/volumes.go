// Package volumes has the rules about volumes: their sources, and what mounts
// them.
package volumes

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	bindingInvalid,
	pvcInvalid,
	pvcUnusable,
	mountDuplicate,
	mountInvalid,
	volumeConflict,
	volumeDuplicate,
	volumeInvalid,
	volumeNode,
	volumeUnknown,
}

// label returns what a message calls a container.
func label(c *facts.Container) string {
	if c.Kind == facts.Sidecar {
		return "sidecar " + phrase.Quote(c.Name)
	}
	return c.Label
}
