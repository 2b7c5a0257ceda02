//go:build unix

package manifest_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestLoadParallel tests that files are read in parallel: the first one of two pipes gets
// its text when the second one has been read.
func TestLoadParallel(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	for _, name := range []string{first, second} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Skip("no pipes:", err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	wrote := make(chan error, 1)
	go func() {
		for _, name := range []string{second, first} {
			if err := os.WriteFile(name, []byte("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\n"), 0o600); err != nil {
				wrote <- err
				return
			}
		}
		wrote <- nil
	}()
	loaded := make(chan manifest.LoadResult, 1)
	go func() {
		r, err := manifest.Load(ctx, []string{first, second}, manifest.LoadOptions{})
		assert.NoError(t, err)
		loaded <- r
	}()
	select {
	case r := <-loaded:
		require.NoError(t, <-wrote)
		assert.Len(t, r.Objects, 2)
		assert.Empty(t, r.Findings)
	case <-ctx.Done():
		t.Fatal("the files are read one after another")
	}
}
