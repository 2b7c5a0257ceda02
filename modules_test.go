package tekwright_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestModules runs the tests of the modules below test/, which need more than
// the library does, so that one command runs everything.
func TestModules(t *testing.T) {
	if testing.Short() {
		t.Skip("builds modules of its own")
	}
	files, err := filepath.Glob("test/*/go.mod")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	// go test keeps the result until a file changes that was looked at here.
	require.NoError(t, filepath.WalkDir(".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == ".git" {
			return fs.SkipDir
		}
		return err
	}))
	own := versions(t, "go.mod")
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			for path, version := range versions(t, file) {
				if own[path] != "" {
					assert.Equal(t, own[path], version, "%s: another version of %s is built once more", file, path)
				}
			}
			cmd := exec.Command("go", "test", "./...")
			cmd.Dir = filepath.Dir(file)
			// A cluster is for those who ask for it, in test/e2e itself.
			cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "KUBECONFIG=") })
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s", out)
		})
	}
}

// versions are the modules that a go.mod requires, by path.
func versions(t *testing.T, file string) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json", file).Output()
	require.NoError(t, err)
	var mod struct {
		Require []struct{ Path, Version string }
	}
	require.NoError(t, json.Unmarshal(out, &mod))
	all := map[string]string{}
	for _, r := range mod.Require {
		all[r.Path] = r.Version
	}
	return all
}
