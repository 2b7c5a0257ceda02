package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPacLink tests that a .tekton that leads out of the repository is not read.
func TestPacLink(t *testing.T) {
	dir := t.TempDir()
	elsewhere := filepath.Join(dir, "elsewhere")
	require.NoError(t, os.MkdirAll(elsewhere, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(elsewhere, "a.yaml"), []byte("apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: leaked}\n"), 0o600))
	repo := filepath.Join(dir, "repo")
	require.NoError(t, os.MkdirAll(repo, 0o755))
	for _, target := range []string{elsewhere, "../elsewhere"} {
		link := filepath.Join(repo, ".tekton")
		require.NoError(t, os.Symlink(target, link))
		for _, at := range []string{repo, link, link + "/", link + "/."} {
			r := run("", []string{"pac", "resolve", at})
			assert.Equal(t, 2, r.exit)
			assert.NotContains(t, r.out+r.err, "leaked")
			assert.Contains(t, r.err, "is a symbolic link, which Pipelines-as-Code does not follow")
		}
		require.NoError(t, os.Remove(link))
	}
}
