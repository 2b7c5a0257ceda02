package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/config"
)

// TestProfileOutside tests that a configuration of a repository shows nothing of files that are
// not in it.
func TestProfileOutside(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"secret.yaml": "top-secret: x\n", "repo/.git/HEAD": "", "repo/ci/.keep": "", "repo/good.yaml": "complete: true\n", "loose/.keep": "",
		"other/good.yaml": "complete: true\n",
	})
	require.NoError(t, os.Symlink("../secret.yaml", filepath.Join(dir, "repo", "link.yaml")))
	require.NoError(t, os.Symlink("../other", filepath.Join(dir, "repo", "folder")))
	require.NoError(t, os.Symlink("../good.yaml", filepath.Join(dir, "repo", "ci", "inside.yaml")))
	require.NoError(t, os.Symlink("repo", filepath.Join(dir, "alias")))
	at := filepath.ToSlash(dir)
	read := func(file, profile string) error {
		_, err := config.Read(at+"/"+file, []byte("profile: "+profile+"\n"))
		return err
	}
	for _, profile := range []string{"../secret.yaml", "../none.yaml", at + "/secret.yaml", "link.yaml", "folder/good.yaml", "folder/none.yaml", "ci/../../secret.yaml", "/etc/passwd"} {
		err := read("repo/.tekwright.yaml", profile)
		require.ErrorContains(t, err, "is outside of the repository", profile)
		assert.NotContains(t, err.Error(), "top-secret")
	}
	for file, profile := range map[string]string{
		"repo/.tekwright.yaml": "good.yaml", "repo/ci/.tekwright.yaml": "../good.yaml", "repo/ci/a.yaml": "inside.yaml",
		"alias/.tekwright.yaml": "good.yaml", "alias/ci/b.yaml": at + "/repo/good.yaml", "loose/.tekwright.yaml": "../other/good.yaml",
	} {
		require.NoError(t, read(file, profile), file)
	}
	require.ErrorContains(t, read("repo/.tekwright.yaml", "none.yaml"), "it does not exist")
}
