package admission_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// defaults are the fields that the API server, Tekton's webhooks and its
// controllers add, and those that they spell otherwise.
type defaults struct {
	Added map[string]map[string]any `json:"added"` // value by path by kind; "*" is any value
	Spelt map[string][]string       `json:"spelt"` // paths by kind
}

func knownDefaults(t *testing.T) defaults {
	t.Helper()
	data, err := os.ReadFile("testdata/defaults.yaml")
	require.NoError(t, err)
	var d defaults
	require.NoError(t, yaml.UnmarshalStrict(data, &d))
	return d
}

func known(defaults map[string]any, path, value string) bool {
	for suffix, want := range defaults {
		if !strings.HasSuffix(path, suffix) {
			continue
		}
		if want == "*" {
			return true
		}
		if data, err := yaml.Marshal(want); err == nil {
			var a, b any
			if yaml.Unmarshal(data, &a) == nil && yaml.Unmarshal([]byte(value), &b) == nil && assert.ObjectsAreEqual(a, b) {
				return true
			}
		}
	}
	return false
}
