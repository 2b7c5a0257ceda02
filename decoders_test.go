package tekwright_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// decoders are packages that decode YAML without a bound on what aliases multiply,
// and who may import them nevertheless.
var decoders = map[string][]string{
	"go.yaml.in/yaml/v2":                              {"internal/yamlread"}, // parses only
	"go.yaml.in/yaml/v3":                              {"internal/yamlread"}, // into nodes only
	"sigs.k8s.io/yaml":                                {"internal/admission"},
	"gopkg.in/yaml":                                   nil,
	"github.com/goccy/go-yaml":                        nil,
	"github.com/ghodss/yaml":                          nil,
	"k8s.io/apimachinery/pkg/util/yaml":               nil,
	"k8s.io/apimachinery/pkg/runtime/serializer/yaml": nil,
	"k8s.io/cli-runtime":                              nil,
}

// TestDecoders shows that every YAML text goes through internal/yamlread, which bounds
// the memory it may take.
func TestDecoders(t *testing.T) {
	found := 0
	for _, line := range list(t, "-f={{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./cmd/...", "./examples/...", "./internal/...", "./pkg/...") {
		paths := strings.Fields(line)
		name := strings.TrimPrefix(paths[0], module+"/")
		for _, path := range paths[1:] {
			for decoder, users := range decoders {
				if path == decoder || strings.HasPrefix(path, decoder+"/") || strings.HasPrefix(path, decoder+".") {
					found++
					assert.Contains(t, users, name, "%s imports %s: use internal/yamlread", name, path)
				}
			}
		}
	}
	assert.Equal(t, 3, found, "the imports that are allowed are found")
}
