package replace_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/replace"
)

// TestReplace: a file is replaced at once, and what a killed process left is removed, but
// nothing that somebody else has written or is writing.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	hourAgo := time.Now().Add(-time.Hour)
	for name, text := range map[string]string{
		".tekwright-1.tmp": "new", ".tekwright-2.tmp": "old", ".tekwright-x.tmp": "new", "tekwright-3.tmp": "new",
		"a.yaml": "old", "victim": "new", ".tekwright-5.tmp": "ne",
	} {
		require.NoError(t, os.WriteFile(at(name), []byte(text), 0o600))
		require.NoError(t, os.Chtimes(at(name), hourAgo, hourAgo))
	}
	require.NoError(t, os.WriteFile(at(".tekwright-4.tmp"), []byte("new"), 0o600)) // it is being written
	require.NoError(t, os.Symlink("victim", at(".tekwright-6.tmp")))

	var w replace.Writer
	require.NoError(t, w.Replace(at("a.yaml"), []byte("new"), 0o640))
	require.NoError(t, w.Replace(at("a.yaml"), []byte("new"), 0o640), "again")
	info, err := os.Stat(at("a.yaml"))
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o640), info.Mode())
	require.ErrorIs(t, w.Create(at("a.yaml"), []byte("other"), 0o644), fs.ErrExist)
	require.NoError(t, w.Create(at("b.yaml"), []byte("other"), 0o644))
	text, err := os.ReadFile(at("a.yaml"))
	require.NoError(t, err)
	assert.Equal(t, "new", string(text))

	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	assert.Equal(t, []string{
		".tekwright-2.tmp", ".tekwright-4.tmp", ".tekwright-5.tmp", ".tekwright-6.tmp", ".tekwright-x.tmp",
		"a.yaml", "b.yaml", "tekwright-3.tmp", "victim",
	}, names)
}
