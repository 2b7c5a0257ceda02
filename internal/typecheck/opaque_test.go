package typecheck

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/shape"
)

// TestOpaque compares the fields whose contents are taken to be read by the webhook alone
// with those that the CustomResourceDefinitions of upstream do not describe.
func TestOpaque(t *testing.T) {
	opaque, described, definitions := 0, 0, 0
	keeps := func(s map[string]any) bool { return s["x-kubernetes-preserve-unknown-fields"] == true }
	var walk func(path string, s map[string]any, typ *shape.Type)
	walk = func(path string, s map[string]any, typ *shape.Type) {
		if typ.Class == shape.List || typ.Class == shape.Map {
			for _, inner := range []string{"items", "additionalProperties"} {
				if items, ok := s[inner].(map[string]any); ok {
					walk(path+"[]", items, typ.Elem())
				}
			}
			return
		}
		properties, _ := s["properties"].(map[string]any)
		for name, p := range properties {
			inner, _ := p.(map[string]any)
			if typ.Class != shape.Struct || typ.Field(name) == nil || name == "status" || name == "metadata" {
				continue
			}
			of := typ.Field(name).Type()
			for of.Class == shape.List || of.Class == shape.Map {
				of = of.Elem()
			}
			if of.Class != shape.Struct {
				continue // such as the value of a param, which has no fields
			}
			assert.Equal(t, keeps(inner), typ.IsOpaque(name), "%s.%s of %s", path, name, typ.Go)
			if keeps(inner) {
				opaque++
				continue
			}
			described++
			walk(path+"."+name, inner, typ.Field(name).Type())
		}
	}
	for module, pattern := range map[string]string{
		"github.com/tektoncd/pipeline": "config/300-crds/300-*.yaml", "github.com/tektoncd/triggers": "config/300-*.yaml",
	} {
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		require.NoError(t, err)
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), pattern))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, doc := range documents(string(text)) {
				definition, ok := doc.Root.Value().(map[string]any)
				if !ok {
					continue
				}
				spec := definition["spec"].(map[string]any)
				for _, v := range spec["versions"].([]any) {
					version := v.(map[string]any)
					apiVersion := spec["group"].(string) + "/" + version["name"].(string)
					kind := spec["names"].(map[string]any)["kind"].(string)
					root := version["schema"].(map[string]any)["openAPIV3Schema"].(map[string]any)
					typ := kinds.Shape(apiVersion, kind)
					if typ == nil {
						continue // ResolutionRequest, which nobody writes
					}
					definitions++
					assert.Equal(t, keeps(root), SchemaOf(apiVersion) == Open, "%s %s", apiVersion, kind)
					if !keeps(root) {
						walk(apiVersion+" "+kind, root, shape.Of(typ))
					}
				}
			}
		}
	}
	t.Logf("%d definitions, %d fields are opaque, %d are described", definitions, opaque, described)
	assert.Greater(t, opaque, 25)
	assert.Greater(t, definitions, 20)
}
