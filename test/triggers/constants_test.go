package triggers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// set is a Trigger, its TriggerBinding and its TriggerTemplate.
type set struct {
	inline   []v1beta1.Param // in the trigger
	binding  []v1beta1.Param
	params   []v1beta1.ParamSpec
	data     map[string]string // of the ConfigMap that the template creates
	annotate bool              // old-escape-quotes
}

// yaml returns the objects as YAML.
func (s *set) yaml(t *testing.T) []byte {
	t.Helper()
	meta := map[string]any{"name": "t"}
	if s.annotate {
		meta["annotations"] = map[string]string{template.OldEscapeAnnotation: "yes"}
	}
	var bindings []any
	for _, p := range s.inline {
		bindings = append(bindings, map[string]any{"name": p.Name, "value": p.Value})
	}
	bindings = append(bindings, map[string]any{"ref": "b", "kind": "TriggerBinding"})
	var out bytes.Buffer
	for _, o := range []map[string]any{
		{"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "Trigger", "metadata": map[string]any{"name": "t"},
			"spec": map[string]any{"bindings": bindings, "template": map[string]any{"ref": "t"}}},
		{"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "TriggerBinding", "metadata": map[string]any{"name": "b"},
			"spec": map[string]any{"params": s.binding}},
		{"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "TriggerTemplate", "metadata": meta,
			"spec": map[string]any{"params": s.params, "resourcetemplates": []any{s.object()}}},
	} {
		b, err := json.Marshal(o) // a control character cannot be written in YAML by its library
		require.NoError(t, err)
		out.WriteString("---\n")
		out.Write(append(b, '\n'))
	}
	return out.Bytes()
}

// object returns the resource template.
func (s *set) object() map[string]any {
	return map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"generateName": "c-"}, "data": s.data}
}

// eventOf is an event.
type eventOf struct{ body, name string }

// created reports whether upstream creates an object for an event, and why not.
func (s *set) created(t *testing.T, e eventOf) error {
	t.Helper()
	raw, err := json.Marshal(s.object())
	require.NoError(t, err)
	tt := &v1beta1.TriggerTemplate{Spec: v1beta1.TriggerTemplateSpec{Params: s.params}}
	tt.Spec.ResourceTemplates = make([]v1beta1.TriggerResourceTemplate, 1)
	tt.Spec.ResourceTemplates[0].Raw = raw
	if s.annotate {
		tt.Annotations = map[string]string{template.OldEscapeAnnotation: "yes"}
	}
	rt := template.ResolvedTrigger{TriggerTemplate: tt, BindingParams: slices.Concat(s.inline, s.binding)}
	params, err := template.ResolveParams(rt, []byte(e.body), http.Header{"X-A": {"v\"1", "v2"}}, map[string]any{"s": "a\"b\n", "l": []any{"x"}}, template.NewTriggerContext("id"))
	if err != nil {
		return err
	}
	for _, r := range template.ResolveResources(tt, params) {
		if err := new(unstructured.Unstructured).UnmarshalJSON(r); err != nil {
			return err
		}
	}
	return nil
}

// rulesOfJSON are the rules about what is inserted into JSON.
var rulesOfJSON = []string{"value-unescaped", "binding-object"}

// judged returns the findings about what is inserted into the JSON of the template.
func (s *set) judged(t *testing.T) diag.Findings {
	t.Helper()
	objects, found := manifest.Parse(s.yaml(t), "set.yaml")
	require.NoError(t, found.Err(), "%s", s.yaml(t))
	found, err := check.Run(context.Background(), objects, check.Profile{})
	require.NoError(t, err)
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return !slices.Contains(rulesOfJSON, f.Code) })
}

// errorsOf are the errors among findings.
func errorsOf(found diag.Findings) diag.Findings {
	return slices.DeleteFunc(slices.Clone(found), func(f diag.Finding) bool { return f.Severity != diag.Error })
}

// eventsOf are events that have everything, nothing, and awkward values.
var eventsOf = []eventOf{
	{`{"s":"text","o":{"a":"b"},"l":["x"],"n":1,"e":"","z":null}`, "plain"},
	{`{"s":"say \"hi\"\n\tand \\ $(tt.params.a) é","o":{},"l":[],"n":1.5,"e":"n","z":"u0041"}`, "awkward"},
	{`{}`, "empty"},
}

// TestConstants states which constants make the JSON of a template invalid, and that
// upstream thinks the same.
func TestConstants(t *testing.T) {
	for _, c := range []struct {
		value        string
		invalid, old bool // old is with the annotation
	}{
		{"plain", false, false},
		{"", false, false},
		{" ", false, false},
		{"é 🚀 \u2028 \u007f", false, false},
		{"two\nlines\n", true, true},
		{"trailing\n", true, true},
		{"\r", true, true},
		{"a\ttab", true, true},
		{"\x01", true, true},
		{`say "hi"`, true, false},
		{`say \"hi\"`, false, true},
		{`C:\dir`, true, true},
		{`C:\\dir`, false, false},
		{`line\nbreak\ttab\u00e9\/\b\f\r`, false, false},
		{`\u12`, true, true},
		{`\uZZZZ`, true, true},
		{`ends with \`, true, true},
		{`{"a": 1}`, true, false},
		{`["a", "b"]`, true, false},
		{`[1, 2]`, false, false},
		{`x", "other": "y`, false, false}, // it ends the string, and continues the object
		{"x\", \n \"other\": \"y", false, true},
		{`x", "other": y`, true, false},
		{`5`, false, false},
		{`true`, false, false},
		{`$(`, false, false},
		{`'single'`, false, false},
		{`a\$(body.s)`, true, true}, // \t of "text" is one, \s of "say" is none
	} {
		for annotate, want := range map[bool]bool{false: c.invalid, true: c.old} {
			s := &set{binding: []v1beta1.Param{{Name: "a", Value: c.value}}, params: []v1beta1.ParamSpec{{Name: "a"}},
				data: map[string]string{"k": "-$(tt.params.a)-"}, annotate: annotate}
			err := s.created(t, eventsOf[1])
			assert.Equal(t, want, err != nil, "%q %v: %v", c.value, annotate, err)
			found := s.judged(t)
			if strings.HasPrefix(c.value, `a\$(`) {
				assert.Empty(t, found, "it depends on the event")
				continue
			}
			assert.Equal(t, want, len(errorsOf(found)) > 0, "%q %v: %v", c.value, annotate, found)
		}
	}
}

// TestBackslashBeforeMarkup shows that a backslash at the end of a constant is completed
// by the escape that the API server writes for <, & and >.
func TestBackslashBeforeMarkup(t *testing.T) {
	for after, invalid := range map[string]bool{"<": false, "&": false, ">": false, "-": true, "n": false} {
		s := &set{binding: []v1beta1.Param{{Name: "a", Value: `x\`}}, params: []v1beta1.ParamSpec{{Name: "a"}},
			data: map[string]string{"k": "$(tt.params.a)" + after}}
		assert.Equal(t, invalid, s.created(t, eventsOf[0]) != nil, after)
		assert.Equal(t, invalid, len(errorsOf(s.judged(t))) > 0, after)
	}
}

// TestEmptyKind shows that an object without a kind is not created.
func TestEmptyKind(t *testing.T) {
	tt := &v1beta1.TriggerTemplate{}
	tt.Spec.ResourceTemplates = make([]v1beta1.TriggerResourceTemplate, 1)
	tt.Spec.ResourceTemplates[0].Raw = []byte(`{"apiVersion":"v1","kind":"$(tt.params.kind)","metadata":{"generateName":"x-"}}`)
	for kind, created := range map[string]bool{"": false, "ConfigMap": true} {
		r := template.ResolveResources(tt, []v1beta1.Param{{Name: "kind", Value: kind}})
		assert.Equal(t, created, new(unstructured.Unstructured).UnmarshalJSON(r[0]) == nil, kind)
	}
}

// TestConstantsGenerated compares the findings about generated bindings, templates and
// defaults with what upstream creates for several events.
func TestConstantsGenerated(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6)) // the same every time
	pieces := []string{
		"a", "n", "u0041", "0041", " ", "\n", "\t", "\r", "\x02", `"`, `\`, `\n`, `\"`, `\\`, `\u00e9`, `\u`, `{"a":1}`, `", "x": "`, `"}, "metadata": {"name": "x"}, "y": {"z": "`,
		"$(body.s)", "$(body.e)", "$(body.n)", "$(body.z)", "$(body.missing)", "$(header.x-a)", "$(context.eventID)", "$(body)", "$(header)", "$(context)", "$(body.l)", "$(body.o)",
		"$(body.l[*])", "$(extensions.s)", "$", "(", ")", "$(", "é", "'", ",", ":", "{", "}", "[", "]",
	}
	text := func(n int) string {
		var b strings.Builder
		for range r.IntN(n + 1) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	names := []string{"a", "b", "c"}
	n, errors, right, warned, silent := 6000, 0, 0, 0, 0
	if testing.Short() {
		n = 600
	}
	for range n {
		s := &set{annotate: r.IntN(4) == 0, data: map[string]string{}}
		for _, name := range names {
			switch r.IntN(5) {
			case 0:
				s.inline = append(s.inline, v1beta1.Param{Name: name, Value: text(3)})
			case 1, 2:
				s.binding = append(s.binding, v1beta1.Param{Name: name, Value: text(3)})
			}
			spec := v1beta1.ParamSpec{Name: name}
			if r.IntN(3) == 0 {
				d := text(3)
				spec.Default = &d
			}
			s.params = append(s.params, spec)
		}
		if len(s.binding) == 0 {
			s.binding = append(s.binding, v1beta1.Param{Name: "other", Value: "x"})
		}
		for i := range 1 + r.IntN(3) {
			value := ""
			for range 1 + r.IntN(2) {
				value += []string{"", "-", "n", "\\", "\"", "0041", "\n", "$(uid)", "<", "&"}[r.IntN(10)] + "$(tt.params." + names[r.IntN(3)] + ")"
			}
			key := fmt.Sprintf("k%d", i)
			if r.IntN(4) == 0 {
				key += "$(tt.params." + names[r.IntN(3)] + ")"
			}
			s.data[key] = value
		}
		found := s.judged(t)
		// A body without fields has no quotes. Nobody binds it on purpose.
		whole := slices.ContainsFunc(found, func(f diag.Finding) bool { return strings.HasPrefix(f.Message, "$(body) ") })
		passes, reasons := 0, ""
		for range 3 { // upstream inserts the values in an order that changes
			for _, e := range eventsOf {
				if whole && e.body == "{}" {
					continue
				}
				if err := s.created(t, e); err == nil {
					passes++
				} else {
					reasons += e.name + ": " + err.Error() + "\n"
				}
			}
		}
		switch {
		case len(errorsOf(found)) > 0:
			errors++
			if !assert.Zero(t, passes, "upstream creates an object:\n%s\n%v", s.yaml(t), found) {
				return
			}
		case len(found) > 0:
			warned++
		case passes > 0:
			right++
		case strings.Contains(reasons, "invalid character") && !strings.Contains(reasons, "failed to"):
			silent++ // such as a text of the event with quotes, which the annotation escapes twice
		}
	}
	t.Logf("%d errors, all right; %d without a finding of which an object is created; %d with warnings; %d silent although nothing is created", errors, right, warned, silent)
	assert.Greater(t, errors, n/10)
	assert.Greater(t, right, n/20)
}
