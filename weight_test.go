package tekwright_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWeight shows that a program which imports all of pkg/ links no package
// that one written with the upstream types alone does not.
func TestWeight(t *testing.T) {
	upstream := map[string]bool{}
	for _, path := range deps(t,
		"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1",
		"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1",
		"k8s.io/api/core/v1", "k8s.io/api/networking/v1", "k8s.io/api/rbac/v1",
		"sigs.k8s.io/yaml", "sigs.k8s.io/json") {
		upstream[path] = true
	}
	require.True(t, upstream["k8s.io/apimachinery/pkg/runtime"])
	for _, path := range deps(t, "./pkg/...") {
		if _, own := inside(path); own {
			continue
		}
		assert.True(t, upstream[path], "pkg/ links %s, which the upstream types do not", path)
	}
}

// deps are the packages outside of the standard library that others link.
func deps(t *testing.T, paths ...string) []string {
	t.Helper()
	out := list(t, append([]string{"-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"}, paths...)...)
	return strings.Fields(string(out))
}
