// Package versions has the rules about API versions, and about features that the
// cluster must enable.
package versions

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	featureGate,
	fieldRemoved,
	versionDeprecated,
	versionRemoved,
	versionUnknown,
}
