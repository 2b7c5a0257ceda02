package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// pasting returns a Task whose script contains a param.
func pasting(namespace string, annotations map[string]string) object.Object {
	return object.Object{Object: &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: "greet", Namespace: namespace, Annotations: annotations},
		Spec: v1.TaskSpec{
			Params: v1.ParamSpecs{{Name: "who"}},
			Steps:  []v1.Step{{Name: "say", Image: "registry.example.com/tools:1.2", Script: "echo $(params.who)"}},
		},
	}}
}

// of returns the findings with a code.
func of(found diag.Findings, codes ...string) diag.Findings {
	var out diag.Findings
	for _, f := range found {
		for _, code := range codes {
			if f.Code == code {
				out = append(out, f)
			}
		}
	}
	return out
}

const pasted = check.InputInScript

func TestSilence(t *testing.T) {
	excuse := map[string]string{rule.SuppressPrefix + pasted: "only the release team starts this"}
	assert.Len(t, of(runAll([]object.Object{pasting("", nil)}, check.Profile{}), pasted), 1)
	assert.Empty(t, of(runAll([]object.Object{pasting("", excuse)}, check.Profile{}), pasted, check.SuppressionReason, check.SuppressionUnknown))

	// It applies only to the object with the annotation, not to others with its name.
	for _, namespaces := range [][2]string{{"a", "b"}, {"", ""}} {
		for _, objects := range [][]object.Object{
			{pasting(namespaces[0], excuse), pasting(namespaces[1], nil)}, {pasting(namespaces[1], nil), pasting(namespaces[0], excuse)},
		} {
			found := of(runAll(objects, check.Profile{}), pasted)
			require.Len(t, found, 1)
			assert.Equal(t, namespaces[1], found[0].Object.Namespace)
		}
	}

	// Errors can be suppressed, too.
	objects := must(t, `
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: t
  annotations: {check.tekwright.dev/param-unknown: replaced by a tool of ours}
spec: {steps: [{name: a, image: "x:1", args: [$(params.later)]}]}
`)
	assert.NoError(t, runAll(objects, check.Profile{}).Err())
}

func TestSilenceFaults(t *testing.T) {
	found := runAll([]object.Object{pasting("", map[string]string{
		rule.SuppressPrefix + pasted: "  ", rule.SuppressPrefix + "input-in-scrpit": "why", rule.SuppressPrefix + "team-missing": "ours", "other/" + pasted: "",
	})}, check.Profile{Rules: []*rule.Rule{{Code: "team-missing", Run: func(*rule.Pass) {}}}})
	assert.Len(t, of(found, pasted), 1, "without a reason it stays")
	reasons, unknown := of(found, check.SuppressionReason), of(found, check.SuppressionUnknown)
	require.Len(t, reasons, 1)
	require.Len(t, unknown, 1)
	assert.Equal(t, `metadata.annotations["check.tekwright.dev/input-in-script"]`, reasons[0].Path.String())
	assert.Equal(t, `did you mean "input-in-script"?`, unknown[0].Help)
	assert.Equal(t, diag.Warning, unknown[0].Severity)
}

func TestSeverities(t *testing.T) {
	severity := func(s diag.Severity) check.Profile {
		return check.Profile{Severities: map[string]diag.Severity{pasted: s}, Disabled: []string{check.SuppressionUnknown}}
	}
	objects := []object.Object{pasting("", map[string]string{rule.SuppressPrefix + "nothing": "x"})}
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		found := of(runAll(objects, severity(s)), pasted, check.SuppressionUnknown)
		require.Len(t, found, 1)
		assert.Equal(t, s, found[0].Severity)
	}
	assert.Empty(t, of(runAll(objects, check.Profile{Disabled: []string{pasted}}), pasted))
	both := severity(diag.Error)
	both.Disabled = append(both.Disabled, pasted)
	assert.Empty(t, of(runAll(objects, both), pasted), "disabled is stronger")
	assert.Len(t, of(runAll(objects, severity(0)), pasted), 1, "an invalid severity changes nothing")
	assert.Error(t, runAll(objects, severity(diag.Error)).Err())
}

// TestAdjust checks that the Adjust function of an object is called for its findings.
func TestAdjust(t *testing.T) {
	kept, dropped := pasting("", nil), pasting("", nil)
	kept.Adjust = func(f diag.Finding) (diag.Finding, bool) { f.Help = "kept"; return f, true }
	dropped.Adjust = func(f diag.Finding) (diag.Finding, bool) { return f, f.Code != pasted }
	found := of(runAll([]object.Object{dropped, kept}, check.Profile{}), pasted)
	require.Len(t, found, 1)
	assert.Equal(t, "kept", found[0].Help)
}

// TestSuppressionInTemplate tests annotations of objects in a TriggerTemplate, and
// those of the template, which apply to the objects in it, too.
func TestSuppressionInTemplate(t *testing.T) {
	const template = `
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t, annotations: {OUTER}}
spec:
  resourcetemplates:
  - apiVersion: tekton.dev/v1
    kind: TaskRun
    metadata: {generateName: t-, annotations: {INNER}}
    spec:
      params: [{name: who, value: x}]
      taskSpec: {params: [{name: who}], steps: [{name: say, image: "x:1", script: echo $(params.who)}]}
`
	const excuse = `check.tekwright.dev/input-in-script: only the release team starts this`
	for name, c := range map[string]struct {
		outer, inner string
		pasted       int
		unknown      string
	}{
		"none":    {"a: b", "a: b", 1, ""},
		"inner":   {"a: b", excuse, 0, ""},
		"outer":   {excuse, "a: b", 0, ""},
		"unknown": {"a: b", "check.tekwright.dev/input-in-scrpt: why", 1, `spec.resourcetemplates[0].metadata.annotations["check.tekwright.dev/input-in-scrpt"]`},
	} {
		found := runAll(must(t, strings.NewReplacer("OUTER", c.outer, "INNER", c.inner).Replace(template)), check.Profile{})
		assert.Len(t, of(found, pasted), c.pasted, name)
		if unknown := of(found, check.SuppressionUnknown); c.unknown == "" {
			assert.Empty(t, unknown, name)
		} else if assert.Len(t, unknown, 1, name) {
			assert.Equal(t, c.unknown, unknown[0].Path.String(), name)
		}
	}
}
