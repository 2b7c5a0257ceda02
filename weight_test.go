package tekwright_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// live are the packages that talk to a cluster: one of the library, and the
// example of it. They alone link a client.
var live = []string{module + "/pkg/cluster", module + "/examples/first-steps/drive"}

// TestWeight shows that a program which imports all of pkg/ but the client
// links no package that one written with the upstream types alone does not.
func TestWeight(t *testing.T) {
	upstream := map[string]bool{}
	for _, path := range deps(t,
		"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1",
		"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1",
		"k8s.io/api/core/v1", "k8s.io/api/networking/v1", "k8s.io/api/rbac/v1",
		"sigs.k8s.io/yaml", "sigs.k8s.io/json", "github.com/google/cel-go/ext", "k8s.io/client-go/util/jsonpath",
		"github.com/rogpeppe/go-internal/diff") {
		upstream[path] = true
	}
	require.True(t, upstream["k8s.io/apimachinery/pkg/runtime"])
	for _, path := range deps(t, offline(t, "./pkg/...", "./examples/...")...) {
		if _, own := inside(path); own {
			assert.NotContains(t, live, path, "a program that only writes manifests talks to a cluster")
			continue
		}
		if strings.HasPrefix(path, "mvdan.cc/sh/v3/") {
			continue // nothing but the standard library below it
		}
		assert.True(t, upstream[path], "pkg/ links %s, which the upstream types do not", path)
	}
	heavier := func(path string) bool { _, own := inside(path); return !own && !upstream[path] }
	assert.True(t, slices.ContainsFunc(deps(t, live[0]), heavier), "%s need not be apart any more", live[0])
}

// offline are the packages that match, without those that talk to a cluster.
func offline(t *testing.T, patterns ...string) []string {
	t.Helper()
	all := strings.Fields(string(list(t, patterns...)))
	paths := slices.DeleteFunc(all, func(path string) bool { return slices.Contains(live, path) })
	require.NotEmpty(t, paths)
	return paths
}

// deps are the packages outside of the standard library that others link.
func deps(t *testing.T, paths ...string) []string {
	t.Helper()
	out := list(t, append([]string{"-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"}, paths...)...)
	return strings.Fields(string(out))
}
