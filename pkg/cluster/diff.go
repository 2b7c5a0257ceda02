package cluster

import (
	"bytes"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/yamlwrite"
)

// same reports whether two states of an object differ only in fields that the
// server maintains.
func same(before, after *unstructured.Unstructured) bool {
	return equality.Semantic.DeepEqual(content(before), content(after))
}

// untouched reports whether an apply has changed nothing of what it sent or of
// what the manager owns. A controller may have changed other fields meanwhile:
// a run gets its annotations as soon as it is created.
func untouched(before, after *unstructured.Unstructured, sent map[string]any, manager string) bool {
	held := owned(before, manager)
	// A manager that has applied nothing before has nothing to take away.
	return (held == nil || bytes.Equal(held, owned(after, manager))) && alike(sent, content(before), content(after))
}

// owned returns the fields that a manager has applied.
func owned(u *unstructured.Unstructured, manager string) []byte {
	for _, m := range u.GetManagedFields() {
		if m.Manager == manager && m.Operation == metav1.ManagedFieldsOperationApply && m.Subresource == "" && m.FieldsV1 != nil {
			return m.FieldsV1.Raw
		}
	}
	return nil
}

// alike reports whether two values are equal in the fields that sent has.
func alike(sent, before, after any) bool {
	fields, ok := sent.(map[string]any)
	if !ok {
		return equality.Semantic.DeepEqual(before, after)
	}
	a, _ := before.(map[string]any)
	b, _ := after.(map[string]any)
	for k, v := range fields {
		if !alike(v, a[k], b[k]) {
			return false
		}
	}
	return true
}

// content returns an object without the fields that the server maintains.
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

// difference returns the diff from one state of an object to the other, without
// values of Secrets and what looks like a password.
func difference(before, after *unstructured.Unstructured) string {
	a, b := content(before), content(after)
	secret := before.GetAPIVersion() == "v1" && before.GetKind() == "Secret"
	if secret {
		for _, key := range []string{"data", "stringData"} {
			hide(a, b, key)
		}
		// kubectl keeps what it applied in an annotation, with all values.
		for _, c := range []map[string]any{a, b} {
			unstructured.RemoveNestedField(c, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
		}
	}
	was, is := text(a), text(b)
	if !secret {
		was, is = secrets.Text(was), secrets.Text(is)
	}
	return diff.Unified("cluster", "set", was, is)
}

// hide replaces values by placeholders.
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
	n, err := yamlwrite.Of(&unstructured.Unstructured{Object: content})
	if err != nil { // it came as JSON
		return ""
	}
	return string(n.AppendYAML(nil))
}
