package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
)

// TestEmbedded removes the YAML of a Task whose Go was edited. The Go stays, and so does the
// script that it embeds, until the Go is removed.
func TestEmbedded(t *testing.T) {
	script := strings.Repeat("        echo a\n", 9)
	task := func(name string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + name + "}\nspec:\n  steps:\n    - name: s\n      image: registry.local/a:1\n      script: |\n" + script
	}
	from := folder(t, map[string]string{"build.yaml": task("build"), "other.yaml": task("other"), "last.yaml": task("last")})
	dir := filepath.Join(t.TempDir(), "ci")
	write(t, dir, from)
	scripts := func() []string {
		var out []string
		for name := range files(t, dir) {
			if name = filepath.ToSlash(name); strings.HasPrefix(name, "scripts/") {
				out = append(out, name)
			}
		}
		return out
	}
	require.Len(t, scripts(), 3)
	edited := filepath.Join(dir, "task_build.go")
	text, err := os.ReadFile(edited)
	require.NoError(t, err)
	require.Contains(t, string(text), "//go:embed ")
	require.NoError(t, os.WriteFile(edited, append(text, "\n// mine\n"...), 0o600))
	require.NoError(t, os.Remove(filepath.Join(from, "build.yaml")))
	require.NoError(t, os.Remove(filepath.Join(from, "other.yaml")))
	for range 3 {
		c := write(t, dir, from)
		assert.Equal(t, []project.Left{{File: "task_build.go", Why: "kept, as it was edited; its YAML is gone: delete it by hand"}}, c.Left)
		assert.Len(t, scripts(), 2)
	}
	require.NoError(t, os.Remove(edited))
	write(t, dir, from)
	assert.Len(t, scripts(), 1)
}
