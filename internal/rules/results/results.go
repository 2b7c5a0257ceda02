// Package results has the rules about results: what is declared, what writes it,
// and what reads it.
package results

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	resultDuplicate,
	resultSkippable,
	resultNested,
	resultType,
	resultUnknown,
	resultUnresolved,
	resultUnwritten,
	resultValue,
	stepOrder,
}
