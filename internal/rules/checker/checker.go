// Package checker contains the rules about annotations and comments that suppress rules.
package checker

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	suppressionReason,
	suppressionUnknown,
	suppressionUnused,
}
