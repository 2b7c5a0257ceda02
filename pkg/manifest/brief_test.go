package manifest_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.example.com}\n"

// briefOf returns the object in a text, as Load returns it with Brief.
func briefOf(t *testing.T, text string) (*unstructured.Unstructured, manifest.LoadResult) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := manifest.Load(t.Context(), []string{file}, manifest.LoadOptions{Brief: true})
	if err != nil || len(r.Objects) != 1 {
		t.Fatalf("Load: %d objects, %v, %v", len(r.Objects), r.Findings, err)
	}
	return r.Objects[0].Object.(*unstructured.Unstructured), r
}

// A definition keeps its metadata and its place, and two are equal with Brief if and only if
// they are without.
func TestBrief(t *testing.T) {
	first, r := briefOf(t, definition+"spec: {a: [1, x, null], b: {c: 1.0, d: true}}\n")
	if _, ok := first.Object["spec"].(string); !ok || first.GetName() != "a.example.com" {
		t.Errorf("the object is %v", first.Object)
	}
	if at := r.Objects[0].At(diag.Fields("metadata", "name")); at.Line != 3 || at.Column != 18 {
		t.Errorf("the name is at %v", at)
	}
	for spec, equal := range map[string]bool{
		"{a: [1, x, null], b: {c: 1.0, d: true}}":             true,
		"{b: {d: true, c: 1.00}, a: [1, \"x\", ~]}":           true,
		"\n  a:\n  - 0x1\n  - x\n  -\n  b: {c: 1.0, d: true}": true,
		"{a: [1, x, null], b: {c: 1.0, d: \"true\"}}":         false,
		"{a: [\"1\", x, null], b: {c: 1.0, d: true}}":         false,
		"{a: [1, x], b: {c: 1.0, d: true}}":                   false,
		"{a: [1, x, \"\"], b: {c: 1.0, d: true}}":             false,
		"{a: [x, 1, null], b: {c: 1.0, d: true}}":             false,
		"{a: [1, x, null], b: {c: 1.0}, d: true}":             false,
		"{a: [1, x, null], b: {c: 1.5, d: true}}":             false,
		"{}": false,
	} {
		if second, _ := briefOf(t, definition+"spec: "+spec+"\n"); reflect.DeepEqual(first, second) != equal {
			t.Errorf("spec: %s: equal is not %v", spec, equal)
		}
	}
}

// What has something to report, and other objects, are complete.
func TestBriefComplete(t *testing.T) {
	for _, text := range []string{
		definition + "spec: {a: 1, a: 2}\n",
		"apiVersion: example.com/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: {a: 1}\n",
		"apiVersion: example.com/v1\nkind: Other\nmetadata: {name: a}\nspec: {a: 1}\n",
	} {
		if o, r := briefOf(t, text); reflect.TypeOf(o.Object["spec"]) != reflect.TypeFor[map[string]any]() {
			t.Errorf("the spec is %v; %v", o.Object["spec"], r.Findings)
		}
	}
	o, _ := briefOf(t, definition)
	if _, ok := o.Object["spec"]; ok {
		t.Error("a definition without a spec has one")
	}
}

// HideValuesIn hides what another result hides.
func TestHideValuesIn(t *testing.T) {
	_, other := briefOf(t, definition)
	var r *manifest.LoadResult
	r.HideValuesIn(other)
	file := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {c: Xy7-Kq93Lm-vvQ2}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	secret, err := manifest.Load(t.Context(), []string{file}, manifest.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const text = "it is Xy7-Kq93Lm-vvQ2"
	if got := other.Hide(text); got != text {
		t.Errorf("before: %q", got)
	}
	other.HideValuesIn(secret)
	if got := other.Hide(text); got != "it is ***" {
		t.Errorf("after: %q", got)
	}
	var zero manifest.LoadResult
	if zero.HideValuesIn(secret); zero.Hide(text) != "it is ***" {
		t.Errorf("the zero value: %q", zero.Hide(text))
	}
}
