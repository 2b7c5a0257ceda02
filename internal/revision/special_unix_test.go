//go:build unix

package revision_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/revision"
)

// TestSpecialFiles tests that git is not run where it would wait for a pipe, or read a
// device without end.
func TestSpecialFiles(t *testing.T) {
	plant := map[string]func(name string) error{
		"pipe":   func(name string) error { return syscall.Mkfifo(name, 0o600) },
		"device": func(name string) error { return os.Symlink("/dev/zero", name) },
	}
	for kind, plant := range plant {
		for _, name := range []string{
			"HEAD", "config", "packed-refs", "index", "shallow", "commondir", "info/grafts", "objects/info/alternates", "objects/pack/pack-a.idx", "refs/heads/main", "refs/remotes/origin/x",
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				dir := repository(t, map[string]string{"a.yaml": "a: 1"})
				at := filepath.Join(dir, ".git", name)
				require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o700))
				require.NoError(t, os.RemoveAll(at))
				require.NoError(t, plant(at))
				_, err := revision.Open(t.Context(), dir)
				require.ErrorContains(t, err, filepath.ToSlash(at))
				assert.ErrorContains(t, err, "is a pipe or a device")
			})
		}
		t.Run(kind+" .git", func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, plant(filepath.Join(dir, ".git")))
			require.NoError(t, os.Mkdir(filepath.Join(dir, "a"), 0o700))
			_, err := revision.Open(t.Context(), filepath.Join(dir, "a"))
			assert.ErrorContains(t, err, "is a pipe or a device")
		})
		t.Run(kind+" in the main work tree", func(t *testing.T) {
			dir := repository(t, map[string]string{"a.yaml": "a: 1"})
			other := filepath.Join(t.TempDir(), "other")
			git(t, dir, "", "worktree", "add", "-q", other)
			_, err := revision.Open(t.Context(), other)
			require.NoError(t, err)
			require.NoError(t, plant(filepath.Join(dir, ".git", "packed-refs")))
			_, err = revision.Open(t.Context(), other)
			assert.ErrorContains(t, err, "is a pipe or a device")
		})
	}
}

// TestPipeAsObject tests that git does not wait without end for a single object that is a
// pipe, of which there may be very many.
func TestPipeAsObject(t *testing.T) {
	for _, which := range []string{"HEAD", "HEAD:a.yaml"} {
		t.Run(which, func(t *testing.T) {
			dir := repository(t, map[string]string{"a.yaml": "a: 1"})
			id, commit := git(t, dir, "", "rev-parse", which), git(t, dir, "", "rev-parse", "HEAD")
			object := filepath.Join(dir, ".git", "objects", id[:2], id[2:])
			require.NoError(t, os.Remove(object))
			require.NoError(t, syscall.Mkfifo(object, 0o600))
			r, err := revision.Open(t.Context(), dir)
			require.NoError(t, err)
			t.Cleanup(revision.SetPatience(2 * time.Second))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err = r.Extract(ctx, commit, []string{"."}, t.TempDir())
			require.ErrorContains(t, err, "git does not answer")
			assert.NoError(t, ctx.Err())
		})
	}
}
