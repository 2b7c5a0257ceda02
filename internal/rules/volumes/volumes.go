// Package volumes has the rules about volumes and what they are made of.
package volumes

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	bindingInvalid,
	claimInvalid,
	claimUnusable,
}
