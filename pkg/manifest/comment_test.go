package manifest_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// hiding is an object whose place or command breaks lines in every way.
type hiding object.Object

func (h hiding) Objects() ([]object.Object, error) { return []object.Object{object.Object(h)}, nil }

// TestCommentsStayComments: what a user's text brings into a comment never becomes an
// object, however a reader of YAML ends lines.
func TestCommentsStayComments(t *testing.T) {
	const evil = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: evil}"
	configMap := func(name string) *corev1.ConfigMap {
		return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	for _, end := range []string{"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\x00", "\x1b[2K", "\n---\n", "\r---\r"} {
		text := "x" + end + strings.ReplaceAll(evil, "\n", end)
		located := hiding{Object: configMap("a"), Locate: func(diag.Path, string) diag.Position { return diag.Position{File: text, Line: 1, Column: 1} }}
		declared := hiding{Object: configMap("b"), Declared: &object.Declaration{Command: func(string) string { return text }}}
		var out bytes.Buffer
		require.NoError(t, manifest.New(located, declared).Layout(manifest.Layout{Positions: true}).Write(&out), "%q", end)
		objects, findings := manifest.Parse(out.Bytes(), "out.yaml")
		assert.Empty(t, findings, "%q", end)
		if assert.Len(t, objects, 1, "%q:\n%s", end, out.String()) {
			assert.Equal(t, "a", objects[0].Ref().Name)
		}
		assert.NotContains(t, out.String(), "\x1b")
		_, err := manifest.Load(context.Background(), []string{"-"}, manifest.LoadOptions{Stdin: &out})
		require.NoError(t, err)
	}
}

// FuzzComments tests every way of a text into a comment: the places of objects, the
// commands of declared ones, the names of objects without a name in a kustomization, and
// annotations.
func FuzzComments(f *testing.F) {
	for _, text := range hostile.Texts() {
		f.Add(text)
		f.Add("x" + text + "\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: evil}")
	}
	f.Fuzz(func(t *testing.T, text string) {
		configMap := func(name, generate string) *corev1.ConfigMap {
			return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
				ObjectMeta: metav1.ObjectMeta{Name: name, GenerateName: generate, Annotations: map[string]string{"a": text}}}
		}
		place := func(diag.Path, string) diag.Position { return diag.Position{File: text, Line: 1, Column: 1} }
		set := manifest.New(
			hiding{Object: configMap("a", ""), Locate: place},
			hiding{Object: configMap("", "b-"), Locate: place},
			hiding{Object: configMap("c", ""), Declared: &object.Declaration{Command: func(string) string { return text }}},
		).Layout(manifest.Layout{Positions: true, Kustomization: true, Group: func(object.Object) string { return text }})
		var out bytes.Buffer
		if set.Write(&out) != nil {
			return // the text is no annotation
		}
		objects, _ := manifest.Parse(out.Bytes(), "out.yaml")
		assert.Len(t, objects, 2, "%s", out.String())
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "#") {
				assert.NotContains(t, line, "\x1b")
				assert.NotContains(t, line, "\u202e")
				assert.NotContains(t, line, "\r")
			}
		}
	})
}
