// Package practice has the rules about what works and had better be otherwise.
package practice

import (
	"maps"
	"slices"

	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	inputInScript,
	secretPlain,
	tlsMissing,
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
