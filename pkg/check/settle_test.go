package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
)

// TestSettle: what a profile and the objects say holds for findings on texts.
func TestSettle(t *testing.T) {
	const code = check.FieldUnknown
	excuse := map[string]string{check.Silence + code: "a later Tekton has it"}
	about := func(namespace string) check.Finding {
		return check.Finding{Code: code, Object: check.Ref{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: namespace, Name: "greet"}}
	}
	objects := []check.Object{pasting("a", excuse), pasting("b", nil), pasting("c", map[string]string{check.Silence + code: " "}), {}}
	given := check.Findings{about("a"), about("b"), about("c"), about("none"), {Code: check.YAMLInvalid}}
	p := check.Profile{Severities: map[string]check.Severity{code: check.Note, check.YAMLInvalid: check.Off}}
	settled := p.Settle(given, objects)
	if assert.Len(t, settled, 3) {
		for i, namespace := range []string{"b", "c", "none"} {
			assert.Equal(t, namespace, settled[i].Object.Namespace)
			assert.Equal(t, check.Note, settled[i].Severity)
		}
	}
	assert.Equal(t, check.Error, given[1].Severity, "what is given stays")
	assert.Empty(t, check.Profile{}.Settle(given[:1], []check.Object{pasting("a", excuse), pasting("a", excuse)}))
	assert.Len(t, check.Profile{}.Settle(given[:1], []check.Object{pasting("a", nil), pasting("a", excuse)}), 1, "one of them does not excuse the other")
}

// TestSilenceOfOthers: a code that the profile speaks of is one of a program
// that shares it.
func TestSilenceOfOthers(t *testing.T) {
	objects := []check.Object{pasting("", map[string]string{check.Silence + "team-label": "ours"})}
	assert.Len(t, of(check.Run(objects, check.Profile{}), check.SilenceUnknown), 1)
	shared := check.Profile{Severities: map[string]check.Severity{"team-label": check.Warning}}
	assert.Empty(t, of(check.Run(objects, shared), check.SilenceUnknown))
	assert.NoError(t, shared.Validate())
	assert.Len(t, shared.Doubts(), 1)
}
