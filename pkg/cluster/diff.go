package cluster

import (
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/tree"
)

// same tells whether two states of an object differ in the books of the server
// only.
func same(before, after *unstructured.Unstructured) bool {
	return equality.Semantic.DeepEqual(content(before), content(after))
}

// content is an object without what the server keeps for itself.
func content(u *unstructured.Unstructured) map[string]any {
	c := u.DeepCopy().Object
	delete(c, "status")
	if m, ok := c["metadata"].(map[string]any); ok {
		for _, key := range []string{"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"} {
			delete(m, key)
		}
	}
	return c
}

// difference turns one state of an object into the other. It holds no values of
// Secrets.
func difference(before, after *unstructured.Unstructured) string {
	a, b := content(before), content(after)
	if before.GetAPIVersion() == "v1" && before.GetKind() == "Secret" {
		for _, key := range []string{"data", "stringData"} {
			hide(a, b, key)
		}
		// What kubectl applied stands in an annotation, with its values.
		for _, c := range []map[string]any{a, b} {
			unstructured.RemoveNestedField(c, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
		}
	}
	return diff.Unified("cluster", "set", text(a), text(b))
}

// hide puts words in the place of values.
func hide(before, after map[string]any, key string) {
	a, _ := before[key].(map[string]any)
	b, _ := after[key].(map[string]any)
	for k, v := range b {
		b[k] = "(a value)"
		if old, ok := a[k]; ok && old != v {
			b[k] = "(another value)"
		}
	}
	for k := range a {
		a[k] = "(a value)"
	}
}

func text(content map[string]any) string {
	n, err := tree.Of(&unstructured.Unstructured{Object: content})
	if err != nil { // it came as JSON
		return ""
	}
	return string(n.AppendYAML(nil))
}
