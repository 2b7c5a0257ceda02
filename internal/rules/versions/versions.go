// Package versions has the rules about versions of kinds, and what a cluster has to offer.
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
