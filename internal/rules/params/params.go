// Package params has the rules about params: what is declared, what is passed,
// and what reads it.
package params

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	paramUnused,
}
