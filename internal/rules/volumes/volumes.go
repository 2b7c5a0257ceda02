// Package volumes has the rules about volumes: their sources, and what mounts
// them.
package volumes

import (
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	bindingInvalid,
	pvcInvalid,
	pvcUnusable,
	matrixNode,
	modeInvalid,
	modeUnreadable,
	mountDuplicate,
	mountInvalid,
	volumeConflict,
	volumeDuplicate,
	volumeInvalid,
	volumeNode,
	volumeUnknown,
}
