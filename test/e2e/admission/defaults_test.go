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
		var has any
		if yaml.Unmarshal([]byte(value), &has) == nil && fits(want, has) {
			return true
		}
	}
	return false
}

// fits tells whether a value is the one that is wanted, "*" being any. A map has
// the wanted keys and no others.
func fits(want, has any) bool {
	if want == "*" {
		return true
	}
	wanted, is := want.(map[string]any)
	if !is {
		return assert.ObjectsAreEqual(want, has)
	}
	got, is := has.(map[string]any)
	if !is || len(got) != len(wanted) {
		return false
	}
	for key, w := range wanted {
		if value, there := got[key]; !there || !fits(w, value) {
			return false
		}
	}
	return true
}
