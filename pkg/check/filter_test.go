package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestFilter applies a profile and annotations to findings of the YAML readers.
func TestFilter(t *testing.T) {
	const code = check.FieldUnknown
	excuse := map[string]string{rule.SuppressPrefix + code: "a later Tekton has it"}
	about := func(namespace string) diag.Finding {
		return diag.Finding{Code: code, Severity: diag.Error, Object: diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: namespace, Name: "greet"}}
	}
	objects := []object.Object{pasting("a", excuse), pasting("b", nil), pasting("c", map[string]string{rule.SuppressPrefix + code: " "}), {}}
	given := diag.Findings{about("a"), about("b"), about("c"), about("none"), {Code: check.YAMLInvalid}}
	p := check.Profile{Severities: map[string]diag.Severity{code: diag.Note}, Disabled: []string{check.YAMLInvalid}}
	filtered := p.Filter(given, objects)
	if assert.Len(t, filtered, 3) {
		for i, namespace := range []string{"b", "c", "none"} {
			assert.Equal(t, namespace, filtered[i].Object.Namespace)
			assert.Equal(t, diag.Note, filtered[i].Severity)
		}
	}
	assert.Equal(t, diag.Error, given[1].Severity, "what is given stays")
	assert.Empty(t, check.Profile{}.Filter(given[:1], []object.Object{pasting("a", excuse), pasting("a", excuse)}))
	assert.Len(t, check.Profile{}.Filter(given[:1], []object.Object{pasting("a", nil), pasting("a", excuse)}), 1, "one of them does not excuse the other")
}

// TestSuppressionOfOthers checks that a code in the profile may belong to another
// program that uses the profile.
func TestSuppressionOfOthers(t *testing.T) {
	objects := []object.Object{pasting("", map[string]string{rule.SuppressPrefix + "team-label": "ours"})}
	assert.Len(t, of(runAll(objects, check.Profile{}), check.SuppressionUnknown), 1)
	shared := check.Profile{Severities: map[string]diag.Severity{"team-label": diag.Warning}}
	assert.Empty(t, of(runAll(objects, shared), check.SuppressionUnknown))
	assert.NoError(t, check.ValidateProfile(shared))
	assert.Len(t, check.ProfileWarnings(shared), 1)
}
