package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestForeignHelpers tests that files with the names of our temporary files, of the lock, the
// list or the marker are not replaced or removed if somebody else has written them.
func TestForeignHelpers(t *testing.T) {
	const own = "important: 1\n"
	for name, kept := range map[string]bool{ // whether the folder can be written with it
		".notes.yaml.tekwright":            true,
		".task-gone.yaml.tekwright":        true,
		".task-b.yaml.tekwright":           false,
		"..tekwright-files.tekwright":      false,
		"..tekwright-unfinished.tekwright": false,
		".tekwright-lock":                  false,
		".tekwright-files":                 false,
		".tekwright-unfinished":            false,
	} {
		for _, first := range []bool{true, false} {
			dir := t.TempDir()
			if !first {
				require.NoError(t, set(task("a", "x"), task("gone", "x")).WriteDir(dir))
			}
			write(t, dir, name, own)
			before := everything(t, dir)
			err := set(task("a", "y"), task("b", "x")).WriteDir(dir)
			assert.Equal(t, own, read(t, dir, name))
			if kept {
				require.NoError(t, err, name)
				require.NoError(t, set(task("a", "y"), task("b", "x")).CheckDir(dir))
				require.NoError(t, set(task("a", "y"), task("b", "x")).WriteDir(dir), "nothing to write")
				continue
			}
			assert.ErrorContains(t, err, `"`+name+`" was not written by tekwright; move it away, or use another folder`)
			assert.Equal(t, before, everything(t, dir), name)
		}
	}
	// Empty ones are replaced if a process that was stopped may have left them behind.
	dir := t.TempDir()
	for _, name := range []string{".notes.yaml.tekwright", ".task-a.yaml.tekwright", "..tekwright-files.tekwright"} {
		write(t, dir, name, "")
	}
	write(t, dir, ".task-x.yaml.tekwright", strings.ReplaceAll(header, "\n", "\r\n")+"kind: Task\n")
	write(t, dir, ".task-y.yaml.tekwright", header[:10])
	require.NoError(t, set(task("a", "x")).WriteDir(dir))
	assert.Equal(t, []string{".", ".notes.yaml.tekwright", ".task-y.yaml.tekwright", ".tekwright-files", "task-a.yaml"}, everything(t, dir))

	// Folders and links are neither.
	for i, hinder := range []func(path string) error{
		func(path string) error { return os.Mkdir(path, 0o700) },
		func(path string) error { return os.Symlink("own.yaml", path) },
		func(path string) error { return os.Symlink("nowhere", path) },
	} {
		dir := t.TempDir()
		write(t, dir, "own.yaml", header)
		require.NoError(t, hinder(filepath.Join(dir, ".task-a.yaml.tekwright")))
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".tekwright-files"), []byte(header), 0o600))
		assert.ErrorContains(t, set(task("a", "x")).WriteDir(dir), "was not written by tekwright", i)
		_, err := os.Lstat(filepath.Join(dir, ".task-a.yaml.tekwright"))
		require.NoError(t, err)
		assert.Equal(t, header, read(t, dir, "own.yaml"))
	}
}

// TestRival tests that a file that somebody else creates, changes or replaces while the new ones
// are written is kept.
func TestRival(t *testing.T) {
	for name, rival := range map[string]func(dir string){
		"creates":  func(dir string) { write(t, dir, "task-new.yaml", "mine\n") },
		"changes":  func(dir string) { write(t, dir, "task-a.yaml", header+"mine\n") },
		"replaces": func(dir string) { write(t, dir, "task-a.yaml", "mine\n") },
		"keeps":    func(dir string) { write(t, dir, "task-gone.yaml", "mine\n") },
		"links": func(dir string) {
			require.NoError(t, os.Symlink("own.yaml", filepath.Join(dir, "task-new.yaml")))
		},
	} {
		dir := t.TempDir()
		write(t, dir, "own.yaml", "mine\n")
		require.NoError(t, set(task("a", "x"), task("gone", "x")).WriteDir(dir))
		var before map[string]string
		s := set(task("a", "y"), task("new", "x"))
		s.Progress(func(p manifest.Progress) {
			if p.Stage == "write" && before == nil {
				rival(dir)
				before = contents(t, dir)
			}
		})
		assert.ErrorContains(t, s.WriteDir(dir), "changes meanwhile", name)
		assert.Equal(t, before, contents(t, dir), name)
	}
	// A listed file that is renamed by its user is no longer ours.
	dir := t.TempDir()
	require.NoError(t, set(task("a", "x"), task("gone", "x")).WriteDir(dir))
	require.NoError(t, os.Rename(filepath.Join(dir, "task-gone.yaml"), filepath.Join(dir, "Task-Gone.yaml")))
	if _, err := os.Stat(filepath.Join(dir, "task-gone.yaml")); err == nil {
		return // the file system ignores case, so that it is ours
	}
	require.NoError(t, set(task("a", "x")).WriteDir(dir))
	assert.Equal(t, []string{"Task-Gone.yaml", "task-a.yaml"}, list(t, dir))
}

// contents returns the files of a folder that are not hidden.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range list(t, dir) {
		if name[0] != '.' {
			all[name] = read(t, dir, name)
		}
	}
	return all
}
