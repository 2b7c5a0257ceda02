package object_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestFind(t *testing.T) {
	var none object.Object
	assert.Equal(t, diag.Position{}, none.At(diag.Fields("spec")))
	assert.Equal(t, diag.Position{}, none.Find(diag.Fields("spec"), "x"))

	o := object.Object{Locate: func(path diag.Path, excerpt string) diag.Position {
		return diag.Position{File: path.String(), Line: len(excerpt) + 1}
	}}
	assert.Equal(t, diag.Position{File: "spec.a", Line: 1}, o.At(diag.Fields("spec", "a")))
	assert.Equal(t, diag.Position{File: "spec.a", Line: 4}, o.Find(diag.Fields("spec", "a"), "key"))
}

func TestIsNil(t *testing.T) {
	assert.True(t, object.Object{}.IsNil())
	assert.True(t, object.Object{Object: (*corev1.Secret)(nil)}.IsNil())
	assert.False(t, object.Object{Object: &corev1.Secret{}}.IsNil())
}

func TestRef(t *testing.T) {
	typed := metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
	for want, o := range map[diag.ObjectRef]object.Object{
		{}:                                 {Object: (*corev1.Secret)(nil)},
		{APIVersion: "v1", Kind: "Secret"}: {Object: &corev1.Secret{TypeMeta: typed}},
		{Name: "a"}:                        {Object: &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "a"}}},
		{APIVersion: "v1", Kind: "Secret", Namespace: "ci", Name: "a"}: {Object: &corev1.Secret{
			TypeMeta: typed, ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: "a", GenerateName: "b-"},
		}},
		{APIVersion: "v1", Kind: "Secret", Name: "b-"}: {Object: &corev1.Secret{TypeMeta: typed, ObjectMeta: metav1.ObjectMeta{GenerateName: "b-"}}},
		{APIVersion: "example.dev/v1", Kind: "Thing", Name: "x"}: {Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "example.dev/v1", "kind": "Thing", "metadata": map[string]any{"name": "x"},
		}}},
	} {
		assert.Equal(t, want, o.Ref())
	}
}

// A program that creates objects sets the positions of their parts, and may adjust the
// findings in them.
func ExampleObject() {
	o := object.Object{
		Object: &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: metav1.ObjectMeta{Name: "settings"},
			Data:       map[string]string{"url": "http://example.com"},
		},
		Locate: func(path diag.Path, _ string) diag.Position {
			if path.HasPrefix(diag.Fields("data").Key("url")) {
				return diag.Position{File: "settings.go", Line: 12}
			}
			return diag.Position{File: "settings.go", Line: 10}
		},
		Adjust: func(f diag.Finding) (diag.Finding, bool) {
			f.Help = "change it in settings.go"
			return f, f.Severity != diag.Note
		},
	}
	fmt.Println(o.Ref())
	fmt.Println(o.At(diag.Fields("metadata", "name")))
	fmt.Println(o.Find(diag.Fields("data").Key("url"), "http:"))
	// Output:
	// ConfigMap "settings"
	// settings.go:10
	// settings.go:12
}
