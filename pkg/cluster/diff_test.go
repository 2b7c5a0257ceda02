package cluster

import (
	"testing"

	"github.com/stretchr/testify/assert"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestUntouched tests that concurrent changes by controllers are ignored.
func TestUntouched(t *testing.T) {
	state := func(fields string, annotations, spec map[string]any) *unstructured.Unstructured {
		u := &unstructured.Unstructured{Object: map[string]any{
			"metadata": map[string]any{"name": "r", "annotations": annotations}, "spec": spec}}
		u.SetManagedFields([]metav1.ManagedFieldsEntry{
			{Manager: "tekton-controller", Operation: metav1.ManagedFieldsOperationUpdate, FieldsV1: &metav1.FieldsV1{Raw: []byte(`{"f:status":{}}`)}},
			{Manager: "tekwright", Operation: metav1.ManagedFieldsOperationApply, FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)}},
		})
		return u
	}
	sent := map[string]any{"metadata": map[string]any{"name": "r"}, "spec": map[string]any{"timeout": "1h", "steps": []any{"a"}}}
	spec := func(timeout string, steps ...any) map[string]any {
		return map[string]any{"timeout": timeout, "steps": steps, "serviceAccountName": "default"}
	}
	before := state(`{"f:spec":{}}`, nil, spec("1h0m0s", "a"))
	for name, try := range map[string]struct {
		after *unstructured.Unstructured
		want  bool
	}{
		"nothing":          {before, true},
		"another's field":  {state(`{"f:spec":{}}`, map[string]any{"release": "v1"}, spec("1h0m0s", "a")), true},
		"a field of ours":  {state(`{"f:spec":{}}`, nil, spec("2h0m0s", "a")), false},
		"a list of ours":   {state(`{"f:spec":{}}`, nil, spec("1h0m0s", "a", "b")), false},
		"a field left out": {state(`{}`, map[string]any{"release": "v1"}, spec("1h0m0s", "a")), false},
		"the spec is gone": {state(`{"f:spec":{}}`, nil, nil), false},
	} {
		assert.Equal(t, try.want, untouched(before, try.after, sent, "tekwright"), name)
	}
	made := before.DeepCopy() // by a plain create
	made.SetManagedFields(nil)
	assert.True(t, untouched(made, state(`{"f:spec":{}}`, map[string]any{"release": "v1"}, spec("1h0m0s", "a")), sent, "tekwright"))
	assert.False(t, untouched(made, state(`{"f:spec":{}}`, nil, spec("2h0m0s", "a")), sent, "tekwright"))
}
