package cluster

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestPrune(t *testing.T) {
	s, c := newServer(t)
	o := ApplyOptions{Set: "x", Prune: true}
	moved := configMap("moved", "1")
	moved.Namespace = "elsewhere"
	_, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1"), configMap("b", "1"), moved), o)
	require.NoError(t, err)
	_, err = c.Apply(t.Context(), yamlSource(t, "kept"), ApplyOptions{Set: "x"})
	require.NoError(t, err)
	// A controller propagates the label.
	s.objects[tasksPath+"handed-down"] = map[string]any{"apiVersion": "tekton.dev/v1", "kind": "Task",
		"metadata": map[string]any{"name": "handed-down", "namespace": "ci", "labels": map[string]any{SetLabel: "x"}}}

	source := manifest.FromObjects(configMap("a", "1"))
	want := `unchanged ConfigMap "a" in namespace "ci"
kept TaskRun "run" in namespace "ci": a run is a record of what happened; delete it by hand
pruned ClusterRole "reader"
kept PersistentVolumeClaim "data" in namespace "ci": a PersistentVolumeClaim holds data; delete it by hand
pruned ConfigMap "b" in namespace "ci"
pruned ConfigMap "moved" in namespace "elsewhere"
`
	o.Namespaces, o.DryRun = []string{"elsewhere"}, true
	changes, err := c.Apply(t.Context(), source, o)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(want, "pruned", "would prune"), lines(changes))
	assert.Contains(t, s.objects, "/api/v1/namespaces/ci/configmaps/b", "a dry run deletes nothing")
	o.DryRun = false

	// Changed in between: read again and deleted.
	path := "/api/v1/namespaces/ci/configmaps/b"
	s.says["DELETE "+path] = []answer{failure(409, metav1.StatusReasonConflict, "changed")}
	changes, err = c.Apply(t.Context(), source, o)
	require.NoError(t, err)
	assert.Equal(t, want, lines(changes))
	assert.NotContains(t, s.objects, path)
	assert.Contains(t, s.objects, tasksPath+"handed-down")
}

// TestPruneUnseen tests that nothing is deleted if something cannot be listed.
func TestPruneUnseen(t *testing.T) {
	s, c := newServer(t)
	o := ApplyOptions{Set: "x", Prune: true}
	_, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1"), configMap("b", "1")), o)
	require.NoError(t, err)
	forbidden := func(resource string) []answer {
		return []answer{failure(403, metav1.StatusReasonForbidden, resource+` is forbidden: User "u" cannot list resource "`+resource+
			`" in API group "" in the namespace "ci"`)}
	}
	s.says["GET /apis/rbac.authorization.k8s.io/v1/clusterroles"] = forbidden("clusterroles") // not in the set
	s.says["GET /api/v1/namespaces/ci/configmaps"] = forbidden("configmaps")
	_, err = c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1")), o)
	golden.Check(t, "testdata/prune-unseen.txt", []byte(err.Error()+"\n"))
	assert.Empty(t, s.deleted())
}

func (s *server) deleted() []string {
	var found []string
	for _, a := range s.asked {
		if strings.HasPrefix(a, http.MethodDelete) {
			found = append(found, a)
		}
	}
	return found
}

// TestPruneRefused tests that a failed deletion does not prevent others.
func TestPruneRefused(t *testing.T) {
	s, c := newServer(t)
	o := ApplyOptions{Set: "x", Prune: true}
	_, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1"), configMap("b", "1"), configMap("c", "1"), configMap("d", "1")), o)
	require.NoError(t, err)
	path := "/api/v1/namespaces/ci/configmaps/"
	s.says["DELETE "+path+"b"] = []answer{failure(403, metav1.StatusReasonForbidden,
		`configmaps "b" is forbidden: User "u" cannot delete resource "configmaps" in API group "" in the namespace "ci"`)}
	s.says["DELETE "+path+"c"] = []answer{failure(404, metav1.StatusReasonNotFound, "gone")}
	changes, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1")), o)
	assert.Equal(t, `unchanged ConfigMap "a" in namespace "ci"
pruned ConfigMap "c" in namespace "ci"
pruned ConfigMap "d" in namespace "ci"
`, lines(changes))
	var forbidden *ForbiddenError
	require.ErrorAs(t, err, &forbidden)
	assert.Equal(t, []string{"list", "get", "delete"}, forbidden.Rule.Verbs)
	assert.NotContains(t, s.objects, path+"d")
}

// TestPruneAll tests that all objects of a set can be pruned.
func TestPruneAll(t *testing.T) {
	s, c := newServer(t)
	_, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1")), ApplyOptions{Set: "x"})
	require.NoError(t, err)
	changes, err := c.Apply(t.Context(), manifest.New(), ApplyOptions{Set: "x", Prune: true, Namespaces: []string{"ci"}})
	require.NoError(t, err)
	assert.Equal(t, "pruned ConfigMap \"a\" in namespace \"ci\"\n", lines(changes))
	assert.Empty(t, s.objects)
}
