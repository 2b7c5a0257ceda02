package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestBombs checks that every reader refuses what aliases multiply, before it takes
// memory.
func TestBombs(t *testing.T) {
	for name, bomb := range growth.Bombs() {
		object := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" + bomb
		growth.Bounded(t, 100, name+": Parse", func() {
			objects, findings := manifest.Parse([]byte(object), "a.yaml")
			assert.Empty(t, objects, name)
			assert.NotEmpty(t, findings, name)
		})
		growth.Bounded(t, 100, name+": Read", func() {
			_, err := manifest.Read(strings.NewReader(object), "a.yaml")
			assert.Error(t, err, name)
		})
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(object), 0o600))
		growth.Bounded(t, 100, name+": ReadDir", func() {
			_, err := manifest.ReadDir(dir)
			assert.Error(t, err, name)
		})
		dir = t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte("patches: [{path: b.yaml}]\n"+bomb), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "b.yaml"), []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), 0o600))
		growth.Bounded(t, 100, name+": Load", func() {
			l, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
			assert.NoError(t, err, name)
			assert.Len(t, l.Objects, 1, "%s: a kustomization that cannot be read is ignored", name)
		})
	}
}
