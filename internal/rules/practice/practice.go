// Package practice has the rules about what works and had better be otherwise.
package practice

import (
	"maps"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	inputInScript,
	listenerUnfiltered,
	listenerUnsigned,
	secretPlain,
	tlsMissing,
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// interceptors returns the place of the interceptors of a trigger; that of the
// trigger where it has none.
func interceptors(t *facts.Trigger) facts.Spot {
	if len(t.Interceptors) > 0 {
		return t.Spot.Field("interceptors")
	}
	return t.Spot
}
