// Package practice has the rules about what works and had better be otherwise.
package practice

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	exitUnreachable,
	hostAccess,
	imageFloating,
	inputInScript,
	listenerUnfiltered,
	listenerUnsigned,
	pathLiteral,
	privileged,
	requestsMissing,
	resultSize,
	secretArgument,
	secretPlain,
	secretTraced,
	tlsMissing,
	tlsOff,
	shellVariableUnknown,
	volumeDaemon,
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// base is the last part of a path, or of the name of an image.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// allowed is the end of a help that says how to keep what is meant.
func allowed(code string) string {
	return ", or say in the annotation " + rule.SuppressPrefix + code + " why it must be"
}

// interceptors returns the place of the interceptors of a trigger; that of the
// trigger where it has none.
func interceptors(t *facts.Trigger) facts.Spot {
	if len(t.Interceptors) > 0 {
		return t.Spot.Field("interceptors")
	}
	return t.Spot
}
