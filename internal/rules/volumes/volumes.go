// Package volumes has the rules about volumes: what is mounted, and where.
package volumes

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	volumeConflict,
	volumeNode,
}
