// Package steps has the rules about steps, their template and sidecars.
package steps

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	stepUnknown,
}
