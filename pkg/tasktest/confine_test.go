//go:build unix

package tasktest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLayoutLinks tests that links that steps leave lead to paths of the container.
func TestLayoutLinks(t *testing.T) {
	outside, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	secret := filepath.Join(outside, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("kept"), 0o600))
	l := layout{filepath.Join(outside, "run", "files")}
	require.NoError(t, l.write("/data/file", "text"))
	for name, target := range map[string]string{
		"absolute": secret, "relative": "../../../secret", "folder": outside, "up": "../../..", "loop": "loop", "chain": "folder/secret",
		"inside": "/data/file", "own": l.at("/data/file"), "near": "file", "out and in": "../../../run/files/data/file",
	} {
		require.NoError(t, os.Symlink(target, l.at("/data/"+name)))
	}

	for _, name := range []string{"inside", "own", "near"} {
		text, err := l.read("/data/" + name)
		assert.NoError(t, err, name)
		assert.Equal(t, "text", string(text), name)
	}
	lead := []string{"absolute", "relative", "folder/secret", "up/secret", "loop", "chain"}
	for _, name := range lead {
		_, err := l.read("/data/" + name)
		assert.Error(t, err, name)
	}
	for _, name := range lead {
		_ = l.write("/data/"+name, "changed")
		if f, err := l.open("/data/"+name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600); err == nil {
			_, _ = f.WriteString("changed")
			require.NoError(t, f.Close())
		}
	}
	assert.NoError(t, l.dir("/data/folder/new"))
	assert.NoError(t, l.link("/data", "/data/folder/linked"))
	require.NoError(t, l.fill("/data/up/filled", Folder{Files: map[string]string{"a": "b"}}))
	at, err := l.real("/data/folder")
	require.NoError(t, err)
	assert.Contains(t, at, l.root)
	files, err := (&taken{}).files(l, "/data/folder")
	require.NoError(t, err)
	assert.Equal(t, map[string]string{".": "-> " + outside}, files)

	text, err := os.ReadFile(secret)
	require.NoError(t, err)
	assert.Equal(t, "kept", string(text))
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "secret and run")
}

// TestLayoutPipe tests that a pipe that a step leaves is not waited for.
func TestLayoutPipe(t *testing.T) {
	l := layout{t.TempDir()}
	require.NoError(t, syscall.Mkfifo(l.at("1.name"), 0o600))
	done := make(chan error)
	go func() {
		_, err := recorders{calls: l.root}.read()
		_ = l.write("1.name", "text")
		done <- err
	}()
	select {
	case err := <-done:
		assert.ErrorContains(t, err, "the step has left something else than a file at 1.name")
	case <-time.After(time.Minute):
		t.Fatal("it waits for the pipe")
	}
}
