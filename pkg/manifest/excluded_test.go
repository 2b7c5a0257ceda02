package manifest_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestExcluded tests for what Load calls the function Excluded, and what it does with the
// answer.
func TestExcluded(t *testing.T) {
	t.Chdir(t.TempDir())
	const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for _, name := range []string{"a.yaml", "d/b.yaml", "d/gen/c.yaml", "d/e/f.json", ".git/x.yaml", "notes.txt"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, []byte(object), 0o600))
	}
	load := func(excluded func(path string) (bool, error), paths ...string) (manifest.LoadResult, error) {
		return manifest.Load(t.Context(), paths, manifest.LoadOptions{Stdin: strings.NewReader(object), Excluded: excluded})
	}
	var asked []string
	only := func(names ...string) func(path string) (bool, error) {
		asked = nil
		return func(path string) (bool, error) {
			asked = append(asked, path)
			return slices.Contains(names, path), nil
		}
	}
	got, err := load(only("d/gen", "a.yaml", "<stdin>"), ".", "-")
	require.NoError(t, err)
	assert.Len(t, got.Objects, 3, "standard input, d/b.yaml and d/e/f.json")
	assert.Equal(t, 2, got.Excluded)
	slices.Sort(asked)
	assert.Equal(t, []string{"<stdin>", "a.yaml", "d", "d/b.yaml", "d/e", "d/e/f.json", "d/gen"}, asked)

	got, err = load(only("a.yaml"), "a.yaml", "d/gen/c.yaml", "d/e")
	require.NoError(t, err)
	assert.Len(t, got.Objects, 2)
	assert.Equal(t, 1, got.Excluded)
	assert.Equal(t, []string{"a.yaml", "d/gen/c.yaml", "d/e/f.json"}, asked, "a folder that is given is not asked for")

	broken := errors.New("broken")
	for _, paths := range [][]string{{"."}, {"a.yaml"}, {"-"}} {
		got, err = load(func(string) (bool, error) { return false, broken }, paths...)
		assert.ErrorIs(t, err, broken)
		assert.Empty(t, got.Objects)
		_, err = load(func(string) (bool, error) { panic("at the disco") }, paths...)
		assert.ErrorContains(t, err, "at the disco")
	}
}
