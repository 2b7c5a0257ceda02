// Package results has the rules about results: their declarations, the steps that
// write them, and the variables that read them.
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
