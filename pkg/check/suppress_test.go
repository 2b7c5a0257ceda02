package check_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
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

// ignoring returns what a check of a text reports and suppresses, with the reasons.
func ignoring(t *testing.T, text string, profile check.Profile) (found, suppressed []string) {
	t.Helper()
	profile.Suppressed = func(f diag.Finding, reason string) {
		suppressed = append(suppressed, fmt.Sprintf("%d %s: %s", f.Position.Line, f.Code, reason))
	}
	objects, read := manifest.Parse([]byte(text), "a.yaml")
	all := append(profile.Filter(read, objects), runAll(objects, profile)...)
	all.Sort()
	for _, f := range all {
		found = append(found, fmt.Sprintf("%d %s", f.Position.Line, f.Code))
	}
	slices.Sort(suppressed)
	return found, suppressed
}

// TestIgnore tests comments that suppress rules.
func TestIgnore(t *testing.T) {
	const head = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n" // 4 lines
	const steps = "  steps: [{name: a, image: \"x:1\"}]\n"
	for name, c := range map[string]struct {
		text              string
		profile           check.Profile
		found, suppressed []string
	}{
		"at the end of a line":     {head + "  params:\n  - {name: a} # tekwright: ignore param-unused -- r\n  - {name: b}\n" + steps, check.Profile{}, []string{"7 param-unused"}, []string{"6 param-unused: r"}},
		"above an item":            {head + "  params:\n  # tekwright: ignore param-unused -- r\n  - {name: a}\n  - {name: b}\n" + steps, check.Profile{}, []string{"8 param-unused"}, []string{"7 param-unused: r"}},
		"above a list":             {head + "  # tekwright: ignore param-unused -- r\n  params:\n  - {name: a}\n  - {name: b}\n" + steps, check.Profile{}, nil, []string{"7 param-unused: r", "8 param-unused: r"}},
		"of the reader":            {head + "  # tekwright: ignore field-unknown -- r\n  stepz: []\n  foo: 1\n" + steps, check.Profile{}, []string{"7 field-unknown"}, []string{"6 field-unknown: r"}},
		"of the reader, not there": {head + "  # tekwright: ignore field-unknown -- r\n" + steps, check.Profile{}, []string{"5 suppression-unused"}, nil},
		"a rule that is disabled":  {head + "  params: [{name: a}] # tekwright: ignore param-unused -- r\n" + steps, check.Profile{Disabled: []string{"param-unused"}}, nil, nil},
		"for another persona":      {head + "  # tekwright: ignore requests-missing -- r\n" + steps, check.Profile{}, nil, nil},
		"for this persona":         {head + "  # tekwright: ignore requests-missing -- r\n" + steps, check.Profile{Persona: rule.Pedantic, Disabled: []string{"description-missing"}}, nil, []string{"6 requests-missing: r"}},
		"an error for the profile": {head + "  # tekwright: ignore param-unused -- r\n  params: [{name: a}]\n" + steps, check.Profile{Severities: map[string]diag.Severity{"param-unused": diag.Error}}, nil, []string{"6 param-unused: r"}},
		"an annotation comes first": {strings.Replace(head, "{name: t}", "{name: t, annotations: {check.tekwright.dev/param-unused: why}}", 1) +
			"  params: [{name: a}] # tekwright: ignore param-unused -- r\n" + steps, check.Profile{}, []string{"5 suppression-unused"}, []string{"5 param-unused: why"}},
		"an unknown code that the profile knows": {head + "  params: [] # tekwright: ignore team-label -- r\n" + steps, check.Profile{Severities: map[string]diag.Severity{"team-label": diag.Note}}, nil, nil},
		"in a list of objects": {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: tekton.dev/v1\n  kind: Task\n  metadata: {name: a}\n  spec: {params: [{name: a}], steps: [{image: \"x:1\"}]}\n" +
			"# tekwright: ignore param-unused -- r\n- apiVersion: tekton.dev/v1\n  kind: Task\n  metadata: {name: b}\n  spec: {params: [{name: a}], steps: [{image: \"x:1\"}]}\n",
			check.Profile{}, []string{"7 param-unused"}, []string{"12 param-unused: r"}},
		"in another document":    {head + steps + "---\n# tekwright: ignore param-unused -- r\n" + strings.Replace(head, "name: t", "name: u", 1) + "  params: [{name: a}]\n" + steps, check.Profile{}, []string{"12 param-unused", "7 suppression-unused"}, nil},
		"above a whole document": {"# tekwright: ignore param-unused -- r\nspec: {params: [{name: a}], steps: [{image: \"x:1\"}]}\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\n", check.Profile{}, nil, []string{"2 param-unused: r"}},
		"what cannot be read":    {"apiVersion: v1\nkind: [ # tekwright: ignore yaml-invalid -- r\n", check.Profile{}, []string{"2 yaml-invalid"}, nil},
		"JSON":                   {`{"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "# tekwright: ignore name-invalid -- r"}, "spec": {"steps": [{"image": "x:1"}]}}`, check.Profile{}, []string{"1 name-invalid"}, nil},
		"disabled itself":        {head + "  params: [] # tekwright: ignore param-unused -- r\n" + steps, check.Profile{Disabled: []string{"suppression-unused"}}, nil, nil},
		"one mistake in two places": {head + "  steps:\n  - image: \"x:1\"\n    args:\n    - $(params.z) # tekwright: ignore param-unknown -- r\n    - $(params.z)\n", check.Profile{},
			[]string{"9 param-unknown"}, []string{"8 param-unknown: r"}},
		"one mistake, two comments": {head + "  steps:\n  - image: \"x:1\"\n    args:\n    - $(params.z) # tekwright: ignore param-unknown -- r\n    - $(params.z) # tekwright: ignore param-unknown -- s\n", check.Profile{},
			nil, []string{"8 param-unknown: r", "9 param-unknown: s"}},
		"in a template": {"apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: TaskRun\n    metadata: {generateName: t-}\n    spec:\n      taskSpec:\n" +
			"        # tekwright: ignore param-unknown -- r\n        steps: [{image: \"x:1\", args: [$(params.z)]}]\n", check.Profile{}, nil, []string{"12 param-unknown: r"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, suppressed := ignoring(t, c.text, c.profile)
			slices.Sort(found)
			assert.Equal(t, c.found, found)
			assert.Equal(t, c.suppressed, suppressed)
		})
	}

	// A single rule says nothing about comments for others.
	objects, _ := manifest.Parse([]byte(head+"  params: [] # tekwright: ignore param-unused, param-unknown -- r\n"+steps), "a.yaml")
	unused, _ := check.Lookup("param-unused")
	found, err := check.RunRules(t.Context(), objects, check.Profile{}, unused)
	require.NoError(t, err)
	assert.Empty(t, found)

	// A check changes nothing, so that another one finds the same, at the same time.
	objects, _ = manifest.Parse([]byte(head+"  params: [{name: a}] # tekwright: ignore param-unused, param-unknown -- r\n"+steps), "a.yaml")
	want := runAll(objects, check.Profile{}).Error()
	assert.Contains(t, want, "suppression-unused")
	var checks sync.WaitGroup
	for range 4 {
		checks.Go(func() { assert.Equal(t, want, runAll(objects, check.Profile{}).Error()) })
	}
	checks.Wait()
}
