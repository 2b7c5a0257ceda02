// Package volumes has the rules about volumes: what they are made of, and what
// mounts them.
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

// label names a container in a sentence.
func label(c *facts.Container) string {
	switch c.Kind {
	case facts.StepTemplate:
		return "the step template"
	case facts.Sidecar:
		return "sidecar " + phrase.Quote(c.Name)
	case facts.Step, facts.Action:
	}
	return c.Label
}
