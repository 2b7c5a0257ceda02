// Package volumes has the rules about volumes: what they are made of, and what
// mounts them.
package volumes

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	bindingInvalid,
	claimInvalid,
	claimUnusable,
	volumeConflict,
	volumeNode,
}
