// Package practice has the rules about what works and had better be otherwise.
package practice

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	inputInScript,
}
