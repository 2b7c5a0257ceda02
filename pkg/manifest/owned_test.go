package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestCopies tests that copies of generated files are neither replaced nor removed.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, set(task("a", "x"), task("b", "x")).WriteDir(dir))
	text := read(t, dir, "task-a.yaml")
	write(t, dir, "mine.yaml", text)
	write(t, dir, "task-c.yaml", text)

	// They are foreign files, which may be there.
	require.NoError(t, set(task("a", "x"), task("b", "x")).CheckDir(dir))
	require.NoError(t, set(task("a", "y")).WriteDir(dir))
	assert.Equal(t, []string{"mine.yaml", "task-a.yaml", "task-c.yaml"}, list(t, dir))
	assert.Equal(t, text, read(t, dir, "mine.yaml"))

	want := `task-c.yaml" is not listed in .tekwright-files, so it is taken for a copy of a generated file; remove it, or move it away`
	require.ErrorContains(t, set(task("a", "y"), task("c", "x")).WriteDir(dir), want)
	assert.Equal(t, text, read(t, dir, "task-c.yaml"))
	var drift *manifest.DriftError
	require.ErrorAs(t, set(task("a", "y"), task("c", "x")).CheckDir(dir), &drift)
	assert.Equal(t, []string{"task-c.yaml"}, drift.Foreign)

	// A listed file that was replaced by another one is foreign as well.
	write(t, dir, "task-a.yaml", "a: 1\n")
	require.NoError(t, set().WriteDir(dir))
	assert.Equal(t, "a: 1\n", read(t, dir, "task-a.yaml"))
}

// TestCopySpelling tests that a copy whose name differs only in case is not removed.
func TestCopySpelling(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, set(task("a", "x"), task("b", "x")).WriteDir(dir))
	write(t, dir, "Task-B.yaml", read(t, dir, "task-b.yaml"))
	if len(list(t, dir)) == 2 {
		t.Skip("the file system ignores case")
	}
	require.NoError(t, set(task("a", "x")).WriteDir(dir))
	assert.Equal(t, []string{"Task-B.yaml", "task-a.yaml"}, list(t, dir))
}

func TestNoList(t *testing.T) {
	dir := t.TempDir()
	s := set(task("a", "x"))
	require.NoError(t, s.WriteDir(dir))
	require.NoError(t, os.Remove(filepath.Join(dir, ".tekwright-files")))
	write(t, dir, "own.yaml", "a: 1\n")
	write(t, dir, "task-z.yaml", header)
	want := "contains generated files, but no .tekwright-files, which lists them; restore this file, or remove the generated ones and any copies of them: task-a.yaml, task-z.yaml"
	require.ErrorContains(t, s.WriteDir(dir), want)
	require.ErrorContains(t, s.CheckDir(dir), want)
	assert.Equal(t, []string{"own.yaml", "task-a.yaml", "task-z.yaml"}, list(t, dir))
	require.NoError(t, os.Remove(filepath.Join(dir, "task-a.yaml")))
	require.NoError(t, os.Remove(filepath.Join(dir, "task-z.yaml")))
	require.NoError(t, s.WriteDir(dir))
	require.NoError(t, s.CheckDir(dir))

	// A list that git has merged with conflicts lists the files of both branches.
	write(t, dir, "task-b.yaml", header)
	write(t, dir, "task-c.yaml", header)
	write(t, dir, "target.yaml", header)
	l := read(t, dir, ".tekwright-files")
	l = strings.Replace(l, "task-a.yaml\n", "<<<<<<< HEAD\r\ntask-a.yaml\r\ntask-b.yaml\r\n=======\r\ntask-c.yaml\r\n>>>>>>> other\r\n../up.yaml\n", 1)
	write(t, dir, ".tekwright-files", l)
	write(t, filepath.Dir(dir), "up.yaml", header)
	var drift *manifest.DriftError
	require.ErrorAs(t, s.CheckDir(dir), &drift)
	assert.Equal(t, []string{"task-b.yaml", "task-c.yaml"}, drift.Extra)
	require.NoError(t, s.WriteDir(dir))
	assert.Equal(t, []string{"own.yaml", "target.yaml", "task-a.yaml"}, list(t, dir))
	assert.FileExists(t, filepath.Join(filepath.Dir(dir), "up.yaml"))
	require.NoError(t, s.CheckDir(dir))

	// The list alone is out of date.
	write(t, dir, ".tekwright-files", l)
	require.ErrorAs(t, s.CheckDir(dir), &drift)
	assert.Equal(t, &manifest.DriftError{Dir: dir, Stale: []string{".tekwright-files"}, Diff: drift.Diff}, drift)
	assert.Contains(t, drift.Diff, "-task-b.yaml\n")
	require.NoError(t, s.WriteDir(dir))
	assert.Equal(t, header+"# The files that tekwright replaces and removes. Keep this list next to them.\ntask-a.yaml\n", read(t, dir, ".tekwright-files"))
}

// TestKilledFirst tests that the files of a process that was killed before it wrote
// the list are replaced and removed.
func TestKilledFirst(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, ".tekwright-unfinished", header+"task-a.yaml\ntask-b.yaml\ntask-c.yaml\n")
	write(t, dir, "task-a.yaml", header)
	write(t, dir, "task-b.yaml", header)
	require.NoError(t, set(task("a", "x")).WriteDir(dir))
	assert.Equal(t, []string{"task-a.yaml"}, list(t, dir))
	require.NoError(t, set(task("a", "x")).CheckDir(dir))

	// It may also have removed a file that was the only difference.
	write(t, dir, ".tekwright-unfinished", header+"task-b.yaml\n")
	require.NoError(t, set(task("a", "x")).WriteDir(dir))
	assert.Equal(t, []string{"task-a.yaml"}, list(t, dir))
}

// TestListTime tests that the time of the list increases with each change, by which
// readers notice it.
func TestListTime(t *testing.T) {
	dir := t.TempDir()
	var last time.Time
	for i := range 60 {
		if i == 30 { // a clock that was set back
			later := last.Add(time.Hour)
			require.NoError(t, os.Chtimes(filepath.Join(dir, ".tekwright-files"), later, later))
			last = later
		}
		require.NoError(t, set(task("a", []string{"x", "y"}[i%2])).WriteDir(dir))
		info, err := os.Stat(filepath.Join(dir, ".tekwright-files"))
		require.NoError(t, err)
		require.True(t, info.ModTime().After(last), "%d: %s, then %s", i, last, info.ModTime())
		last = info.ModTime()
	}
}

// TestPipes tests that nothing waits for a named pipe.
func TestPipes(t *testing.T) {
	s := set(task("a", "x"))
	for _, name := range []string{".tekwright-files", ".tekwright-unfinished", ".tekwright-lock"} {
		dir := t.TempDir()
		require.NoError(t, syscall.Mkfifo(filepath.Join(dir, name), 0o600))
		assert.ErrorContains(t, s.WriteDir(dir), `"`+name+`" is not a regular file; remove it`)
		assert.Error(t, s.CheckDir(dir))
		assert.Equal(t, []string{".", name}, everything(t, dir))
		_, err := manifest.ReadDir(dir)
		assert.Error(t, err)
	}
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "task-a.yaml"), 0o600))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "own.yaml"), 0o600))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, ".task-a.yaml.tekwright"), 0o600))
	assert.ErrorContains(t, s.WriteDir(dir), `task-a.yaml" was not written by tekwright`)
	require.NoError(t, os.Remove(filepath.Join(dir, "task-a.yaml")))
	assert.ErrorContains(t, s.WriteDir(dir), `".task-a.yaml.tekwright" was not written by tekwright`)
	require.NoError(t, os.Remove(filepath.Join(dir, ".task-a.yaml.tekwright")))
	require.NoError(t, s.WriteDir(dir))
	back, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"Task /a"}, labels(t, back))

	pipe := filepath.Join(dir, "own.yaml")
	for _, err := range []error{s.WriteDir(pipe), s.CheckDir(pipe)} {
		assert.ErrorContains(t, err, "not a directory")
	}
	_, err = manifest.ReadDir(pipe)
	assert.ErrorContains(t, err, "not a directory")
}

// TestDeviceNames tests that no file has a name that Windows reserves.
func TestDeviceNames(t *testing.T) {
	for group, want := range map[string]string{
		"con": "con_.yaml", "AUX": "aux_.yaml", "nul.txt": "nul_.txt.yaml", "prn.": "prn_..yaml", "Com1": "com1_.yaml", "lpt9": "lpt9_.yaml", "com0.x.y": "com0_.x.y.yaml",
		"con_": "con-.yaml", "console": "console.yaml", "com": "com.yaml", "com10": "com10.yaml", "comx": "comx.yaml", "lpt": "lpt.yaml", "x.con": "x.con.yaml", "A": "a.yaml",
	} {
		dir := t.TempDir()
		require.NoError(t, set(task("a", "x")).Layout(manifest.Layout{Group: func(object.Object) string { return group }}).WriteDir(dir))
		assert.Equal(t, []string{want}, list(t, dir), group)
	}
	// A long name of a group is cut, and remains unique.
	dir := t.TempDir()
	group := func(o object.Object) string { return strings.Repeat("g", 300) + o.Ref().Name }
	require.NoError(t, set(task("a", "x"), task("b", "x")).Layout(manifest.Layout{Group: group}).WriteDir(dir))
	got := list(t, dir)
	require.Len(t, got, 2)
	assert.Less(t, len(got[0]), 230)

	// Objects of these names, and names that differ only in case.
	dir = t.TempDir()
	con := thing("con")
	require.NoError(t, set(con, task("aux", "x"), thing("NAME"), thing("name")).WriteDir(dir))
	seen := map[string]bool{}
	for _, name := range list(t, dir) {
		assert.NotRegexp(t, `(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)`, name)
		assert.False(t, seen[strings.ToLower(name)], name)
		seen[strings.ToLower(name)] = true
	}
	assert.Len(t, seen, 4)
}
