// Package access has the rules about accounts, roles and what they may do.
package access

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	roleExternal,
	roleUnknown,
}
