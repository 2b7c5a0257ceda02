// Package order has the rules about which tasks of a pipeline run, and in which
// order: runAfter, finally, when expressions and matrices.
package order

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	cycle,
	finallyMisuse,
	whenDuplicate,
	whenNeverTrue,
	matrixEmpty,
	matrixMiscounted,
	matrixMissing,
	matrixSingle,
	matrixSize,
	matrixUnordered,
	matrixUnread,
	orderSkippable,
	taskDuplicate,
	taskMissing,
	whenInvalid,
}
