package tekwright_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// TestModules shows that the modules below test/ are built with the versions of
// this one: another version of a module is another copy of it to download and to
// build, and tests that prove something of what nobody uses. Their own tests are
// steps of .ci/run. A module in newer may require later versions.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("test/*/go.mod")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	own := versions(t, "go.mod")
	for _, file := range files {
		all := versions(t, file)
		assert.Contains(t, all, module, "%s does not require the library", file)
		for path, version := range all {
			if own[path] == "" {
				continue
			}
			if newer[file] != "" {
				assert.GreaterOrEqual(t, semver.Compare(version, own[path]), 0, "%s: version %s of %s is older than %s of the library", file, version, path, own[path])
			} else {
				assert.Equal(t, own[path], version, "%s: another version of %s is built once more", file, path)
			}
		}
	}
}

// newer are the modules that require later versions than the library, and why.
var newer = map[string]string{
	"test/pods/go.mod": "the validation of pods is that of a later release of Kubernetes",
	"test/pac/go.mod":  "Pipelines-as-Code requires later modules of Kubernetes than Tekton does",
}

// versions are the modules that a go.mod requires, by path.
func versions(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	mod, err := modfile.Parse(file, text, nil)
	require.NoError(t, err)
	all := map[string]string{}
	for _, r := range mod.Require {
		all[r.Mod.Path] = r.Mod.Version
	}
	return all
}
