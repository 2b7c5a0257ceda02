package cluster

import (
	"encoding/json"
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
	source := manifest.FromObjects(configMap("c", "1"))
	_, err := c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	_, err = c.Apply(t.Context(), source, ApplyOptions{Set: "y"})
	var conflict *ConflictError
	require.ErrorAs(t, err, &conflict)
	assert.Equal(t, "x", conflict.Set)
	assert.EqualError(t, err, "ConfigMap \"c\" in namespace \"ci\" belongs to set \"x\"\n"+
		"\thelp: rename the object, or take it over (ApplyOptions.Force, --force)")
	assert.Len(t, s.asked, 1)
	changes, err := c.Apply(t.Context(), source, ApplyOptions{Set: "y", Force: true})
	require.NoError(t, err)
	assert.Equal(t, Configured, changes[0].Action)
}

// TestApplyLabels tests which objects get the labels of a set, and that namespaces
// get none.
func TestApplyLabels(t *testing.T) {
	s, c := newServer(t)
	ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "ci"}}
	_, err := c.Apply(t.Context(), manifest.New(manifest.FromObjects(ns), yamlSource(t, "kept")).Profile(blindProfile()), ApplyOptions{Set: "x"})
	require.NoError(t, err)
	labels := func(path string) map[string]string {
		require.Contains(t, s.objects, path)
		return (&unstructured.Unstructured{Object: s.objects[path]}).GetLabels()
	}
	assert.Empty(t, labels("/api/v1/namespaces/ci"))
	assert.Equal(t, map[string]string{SetLabel: "x"}, labels("/api/v1/namespaces/ci/persistentvolumeclaims/data"))
	assert.Equal(t, map[string]string{SetLabel: "x", SetNamespaceLabel: "ci"}, labels("/apis/rbac.authorization.k8s.io/v1/clusterroles/reader"))
}

// TestApplyKeepsSet tests that an object that is applied without a set, as by
// Start, stays in its set and can still be pruned.
func TestApplyKeepsSet(t *testing.T) {
	_, c := newServer(t)
	both := manifest.New(manifest.FromObjects(configMap("a", "1"), configMap("b", "1")), yamlSource(t, "kept")).Profile(blindProfile())
	_, err := c.Apply(t.Context(), both, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	changes, err := c.Apply(t.Context(), both, ApplyOptions{})
	require.NoError(t, err)
	for _, change := range changes {
		assert.Equal(t, Unchanged, change.Action, "%s\n%s", change, change.Diff)
	}
	changes, err = c.Apply(t.Context(), manifest.FromObjects(configMap("a", "2")), ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, Configured, changes[0].Action)
	changes, err = c.Apply(t.Context(), manifest.FromObjects(configMap("a", "2")), ApplyOptions{Set: "x", Prune: true})
	require.NoError(t, err)
	assert.Contains(t, lines(changes), `unchanged ConfigMap "a"`)
	assert.Contains(t, lines(changes), `pruned ConfigMap "b"`)
	assert.Contains(t, lines(changes), `pruned ClusterRole "reader"`)
}

// TestApplyOverOwnCreate tests that applying a run that Start created is not a
// conflict, but that other conflicts are still reported.
func TestApplyOverOwnCreate(t *testing.T) {
	conflict := func(managers ...string) answer {
		status := metav1.Status{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Status: metav1.StatusFailure, Code: 409, Reason: metav1.StatusReasonConflict, Details: &metav1.StatusDetails{}}
		for _, m := range managers {
			status.Details.Causes = append(status.Details.Causes, metav1.StatusCause{Type: metav1.CauseTypeFieldManagerConflict,
				Field: ".data.key", Message: `conflict with "` + m + `" using v1`})
		}
		text, err := json.Marshal(status)
		require.NoError(t, err)
		return answer{status: 409, text: string(text)}
	}
	s, c := newServer(t)
	source := manifest.FromObjects(configMap("c", "1"))
	_, err := c.Apply(t.Context(), source, ApplyOptions{})
	require.NoError(t, err)
	s.says["PATCH /api/v1/namespaces/ci/configmaps/c"] = []answer{conflict("tekwright", "tekwright")}
	changes, err := c.Apply(t.Context(), source, ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, Unchanged, changes[0].Action)
	assert.Contains(t, s.asked[len(s.asked)-1], "force=true")
	s.says["PATCH /api/v1/namespaces/ci/configmaps/c"] = []answer{conflict("tekwright", "helm")}
	_, err = c.Apply(t.Context(), source, ApplyOptions{})
	var foreign *ConflictError
	require.ErrorAs(t, err, &foreign)
	assert.NotContains(t, s.asked[len(s.asked)-1], "force=true")
}

// TestApplyForbiddenOnce tests that a missing permission is reported once.
func TestApplyForbiddenOnce(t *testing.T) {
	s, c := newServer(t)
	for _, name := range []string{"a", "b"} {
		s.says["GET /api/v1/namespaces/ci/configmaps/"+name] = []answer{failure(403, metav1.StatusReasonForbidden,
			`configmaps "`+name+`" is forbidden: User "u" cannot get resource "configmaps" in API group "" in the namespace "ci"`)}
	}
	_, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1"), configMap("b", "1")), ApplyOptions{})
	var forbidden *ForbiddenError
	require.ErrorAs(t, err, &forbidden)
	assert.Len(t, forbidden.Objects, 2)
	assert.EqualError(t, err, forbidden.Error())
}

// TestApplyKindOfItsOwn applies a CustomResourceDefinition and an object of its kind.
func TestApplyKindOfItsOwn(t *testing.T) {
	s, c := newServer(t)
	crd := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "widgets.example.com"},
		"spec":     map[string]any{"group": "example.com", "names": map[string]any{"kind": "Widget"}}}}
	widget := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": map[string]any{"name": "w"}}}
	source := manifest.New(manifest.FromObjects(widget, crd)).Profile(blindProfile())
	changes, err := c.Apply(t.Context(), source, ApplyOptions{DryRun: true})
	require.NoError(t, err)
	assert.Equal(t, `would create CustomResourceDefinition "widgets.example.com"
skipped Widget "w" in namespace "ci": its kind is created by the set and does not exist yet, so it could not be validated
`, lines(changes))
	changes, err = c.Apply(t.Context(), source, ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, "created CustomResourceDefinition \"widgets.example.com\"\ncreated Widget \"w\" in namespace \"ci\"\n", lines(changes))
	assert.Contains(t, s.objects, "/apis/example.com/v1/namespaces/ci/widgets/w")
}

// TestApplyInNamespaceToCome tests that a dry run skips objects in a namespace that
// does not exist yet.
func TestApplyInNamespaceToCome(t *testing.T) {
	s, c := newServer(t)
	ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "ci"}}
	changes, err := c.Apply(t.Context(), manifest.FromObjects(ns, configMap("c", "1")), ApplyOptions{DryRun: true, Set: "x", Prune: true})
	require.NoError(t, err)
	assert.Equal(t, `would create Namespace "ci"
skipped ConfigMap "c" in namespace "ci": namespace "ci" is created by the set and does not exist yet, so it could not be validated
`, lines(changes))
	assert.Len(t, s.asked, 1)
}
