package cluster

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestApplyOtherSet(t *testing.T) {
	s, c := newServer(t)
	source := manifest.Of(configMap("c", "1"))
	_, err := c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	_, err = c.Apply(t.Context(), source, ApplyOptions{Set: "y"})
	var conflict *ConflictError
	require.ErrorAs(t, err, &conflict)
	assert.Equal(t, "x", conflict.Set)
	assert.EqualError(t, err, "ConfigMap \"c\" in namespace \"ci\" belongs to set \"x\"\n"+
		"\thelp: give the object another name, or take it over with Force")
	assert.Len(t, s.asked, 1)
	changes, err := c.Apply(t.Context(), source, ApplyOptions{Set: "y", Force: true})
	require.NoError(t, err)
	assert.Equal(t, Configured, changes[0].Action)
}

// TestApplyLabels shows that namespaces are no set's, and where the labels of a
// set stand.
func TestApplyLabels(t *testing.T) {
	s, c := newServer(t)
	ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "ci"}}
	_, err := c.Apply(t.Context(), manifest.New(manifest.Of(ns), yamlSource(t, "kept")).Profile(blindProfile()), ApplyOptions{Set: "x"})
	require.NoError(t, err)
	labels := func(path string) map[string]string {
		require.Contains(t, s.objects, path)
		return (&unstructured.Unstructured{Object: s.objects[path]}).GetLabels()
	}
	assert.Empty(t, labels("/api/v1/namespaces/ci"))
	assert.Equal(t, map[string]string{SetLabel: "x"}, labels("/api/v1/namespaces/ci/persistentvolumeclaims/data"))
	assert.Equal(t, map[string]string{SetLabel: "x", HomeLabel: "ci"}, labels("/apis/rbac.authorization.k8s.io/v1/clusterroles/reader"))
}

// TestApplyRightsOnce shows that one missing right is one problem.
func TestApplyRightsOnce(t *testing.T) {
	s, c := newServer(t)
	for _, name := range []string{"a", "b"} {
		s.says["GET /api/v1/namespaces/ci/configmaps/"+name] = []answer{failure(403, metav1.StatusReasonForbidden,
			`configmaps "`+name+`" is forbidden: User "u" cannot get resource "configmaps" in API group "" in the namespace "ci"`)}
	}
	_, err := c.Apply(t.Context(), manifest.Of(configMap("a", "1"), configMap("b", "1")), ApplyOptions{})
	var rights *RightsError
	require.ErrorAs(t, err, &rights)
	assert.Len(t, rights.Objects, 2)
	assert.EqualError(t, err, rights.Error())
}

// TestApplyKindOfItsOwn applies a kind, and an object of it.
func TestApplyKindOfItsOwn(t *testing.T) {
	s, c := newServer(t)
	crd := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "widgets.example.com"},
		"spec":     map[string]any{"group": "example.com", "names": map[string]any{"kind": "Widget"}}}}
	widget := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": map[string]any{"name": "w"}}}
	source := manifest.New(manifest.Of(widget, crd)).Profile(blindProfile())
	changes, err := c.Apply(t.Context(), source, ApplyOptions{DryRun: true})
	require.NoError(t, err)
	assert.Equal(t, `created CustomResourceDefinition "widgets.example.com"
skipped Widget "w" in namespace "ci": the set makes its kind, which is not there yet: the cluster cannot be asked
`, lines(changes))
	changes, err = c.Apply(t.Context(), source, ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, "created CustomResourceDefinition \"widgets.example.com\"\ncreated Widget \"w\" in namespace \"ci\"\n", lines(changes))
	assert.Contains(t, s.objects, "/apis/example.com/v1/namespaces/ci/widgets/w")
}

// TestApplyInNamespaceToCome shows that a dry run does not ask for what cannot
// be known yet.
func TestApplyInNamespaceToCome(t *testing.T) {
	s, c := newServer(t)
	ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "ci"}}
	changes, err := c.Apply(t.Context(), manifest.Of(ns, configMap("c", "1")), ApplyOptions{DryRun: true, Set: "x", Prune: true})
	require.NoError(t, err)
	assert.Equal(t, `created Namespace "ci"
skipped ConfigMap "c" in namespace "ci": the set makes namespace "ci", which is not there yet: the cluster cannot be asked
`, lines(changes))
	assert.Len(t, s.asked, 1)
}
