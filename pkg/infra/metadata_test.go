package infra_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestMetadata: every object can have labels and annotations, with the same checks.
func TestMetadata(t *testing.T) {
	const key, value = "example.com/team", "release"
	sources := map[string]manifest.Source{
		"ConfigMap":      infra.NewConfigMap("a", nil).Label(key, value).Annotate(key, value),
		"Namespace":      infra.NewNamespace("a").Label(key, value).Annotate(key, value),
		"PVC":            infra.NewPVC("a", "1Gi").Label(key, value).Annotate(key, value),
		"Role":           infra.NewRole("a", "", pods).Label(key, value).Annotate(key, value),
		"ClusterRole":    infra.NewClusterRole("a", pods).Label(key, value).Annotate(key, value),
		"ServiceAccount": infra.NewServiceAccount("a").Label(key, value).Annotate(key, value),
		"Ingress":        infra.NewIngress("a", "a.example.com").Path("/", web).Label(key, value).Annotate(key, value),
	}
	for name, source := range sources {
		objects, err := source.Objects()
		require.NoError(t, err, name)
		m, err := meta.Accessor(objects[0].Object)
		require.NoError(t, err, name)
		assert.Equal(t, map[string]string{key: value}, m.GetLabels(), name)
		assert.Equal(t, map[string]string{key: value}, m.GetAnnotations(), name)
	}
	_, err := infra.NewServiceAccount("a").Label("no key", "x y").Objects()
	assert.ErrorContains(t, err, "name-invalid")
	_, err = infra.NewPVC("a", "1Gi").Annotate("-", "x").Objects()
	assert.Error(t, err)

	var none *infra.ServiceAccount
	assert.Nil(t, none.Label("a", "b").Annotate("a", "b"))
}
