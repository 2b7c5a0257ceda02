//go:build unix

package pac_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/pac"
)

// TestRemotePipes tests that remote tasks are only read from files of the checkout.
func TestRemotePipes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	repo := filepath.Join(dir, "repo")
	require.NoError(t, os.MkdirAll(filepath.Join(repo, "d"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secret.yaml"), []byte("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: secret}\n"), 0o600))
	require.NoError(t, syscall.Mkfifo(filepath.Join(repo, "d/pipe.yaml"), 0o600))
	require.NoError(t, os.Symlink("../../secret.yaml", filepath.Join(repo, "d/link.yaml")))
	require.NoError(t, os.Symlink("/dev/zero", filepath.Join(repo, "d/zero.yaml")))
	root, err := os.OpenRoot(repo)
	require.NoError(t, err)
	defer root.Close()
	for name, want := range map[string]string{
		"d/pipe.yaml": "is not a file", "d/link.yaml": "escapes", "d/zero.yaml": "escapes", "d/../d": "is not a file", "d/none.yaml": "no such file",
		"../secret.yaml": "is not a path in the repository", "d/../../secret.yaml": "is not a path in the repository",
	} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			out, err := pac.Resolve(folderOf(runText("a", onPush("task", name), simple)), root.FS(), nil)
			if assert.NoError(t, err) {
				assert.Contains(t, out.Stopped, want, name)
			}
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal(name, "is waited for")
		}
	}
}
