// Package pac contains the rules about what Pipelines-as-Code does with the runs in a
// .tekton folder, and with every other run that has its annotations.
package pac

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	annotationIgnored,
	annotationUnknown,
	bodyMissing,
	branchStyle,
	commentPattern,
	eventAny,
	eventNever,
	expressionInvalid,
	globInvalid,
	limitInvalid,
	listInvalid,
	matcherInvalid,
	nameDuplicate,
	nameFixed,
	namespaceSet,
	pathNever,
	referenceUnknown,
	remoteInvalid,
	repositoryInvalid,
	secretExposed,
	separatorIgnored,
	tagBranch,
	valueUnsafe,
	variableEmpty,
	variableUnknown,
}

// annotations calls visit for each annotation of Pipelines-as-Code, in the order of the
// names, with the name without its prefix. It does so for runs and Pipelines; nobody reads
// those of other objects.
func annotations(p *rule.Pass, visit func(at facts.Spot, key, value string)) {
	if p.Entry.Body() != nil || p.Entry.Run == nil && p.Entry.Pipeline == nil {
		return
	}
	all := p.Entry.Annotations()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if key, ok := strings.CutPrefix(name, pac.Prefix); ok {
			visit(p.At("metadata", "annotations").Key(name), key, all[name])
		}
	}
}
