// Package practice has the rules about what works, but is insecure or fragile.
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
	descriptionMissing,
	exitUnreachable,
	hostAccess,
	imageFloating,
	inputInScript,
	listenerUnfiltered,
	listenerUnsigned,
	pathLiteral,
	podForbidden,
	podUnrestricted,
	privileged,
	pvcExposed,
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

// base returns the last part of a path, or of an image name.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// allowed returns the end of a help, which explains how to suppress the finding.
func allowed(code string) string {
	return ", or explain in the annotation " + rule.SuppressPrefix + code + " why it is needed"
}

// interceptors returns the place of the interceptors of a trigger, or the place of
// the trigger if it has none.
func interceptors(t *facts.Trigger) facts.Spot {
	if len(t.Interceptors) > 0 {
		return t.Spot.Field("interceptors")
	}
	return t.Spot
}

// cutLast cuts a text at the last c.
func cutLast(s string, c byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, c); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
