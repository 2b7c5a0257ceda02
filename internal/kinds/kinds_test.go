package kinds

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestNew(t *testing.T) {
	assert.Nil(t, New("tekton.dev/v1", "task"), "kinds are case-sensitive")
	assert.Nil(t, New("tekton.dev/v1beta1", "Task"))
	for key, f := range structs {
		obj := New(key[0], key[1])
		assert.NotNil(t, obj)
		assert.NotSame(t, f(), obj)
	}
}

func TestNamespaced(t *testing.T) {
	assert.True(t, Namespaced(schema.GroupKind{Group: "tekton.dev", Kind: "Task"}))
	assert.True(t, Namespaced(schema.GroupKind{Group: "example.com", Kind: "Namespace"}))
	assert.False(t, Namespaced(schema.GroupKind{Kind: "Namespace"}))
	assert.False(t, Namespaced(schema.GroupKind{Group: "triggers.tekton.dev", Kind: "ClusterTriggerBinding"}))
}
