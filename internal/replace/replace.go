// Package replace writes files as a whole or not at all, and removes what a process that was
// killed meanwhile has left.
package replace

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// pattern is the name of a temporary file for [os.CreateTemp], and temporary matches it.
const pattern = ".tekwright-*.tmp"

var temporary = regexp.MustCompile(`^\.tekwright-[0-9]+\.tmp$`)

// A temporary file is left by another process if it is that much older than the file that has
// been written, and has the same text. A killed process leaves it while it waits for the disk.
// Somebody else's file of such a name has another text; at most so many are read in a folder.
const (
	older = time.Minute
	most  = 100
)

// Writer writes files. The zero value is ready to use.
type Writer struct {
	left map[string][]string // the temporary files in folders
}

// Replace replaces a file, or creates it. It follows no link.
func (w *Writer) Replace(name string, text []byte, mode fs.FileMode) error {
	return w.write(name, text, mode, os.Rename)
}

// Create creates a file. If it exists, the error is [fs.ErrExist].
func (w *Writer) Create(name string, text []byte, mode fs.FileMode) error {
	return w.write(name, text, mode, os.Link) // unlike Rename, Link replaces nothing
}

// write writes a temporary file, and moves it to its place.
func (w *Writer) write(name string, text []byte, mode fs.FileMode, move func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), pattern)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it has been renamed if all is well
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = move(f.Name(), name)
	}
	if err == nil {
		w.sweep(name, text)
	}
	return err
}

// sweep removes the temporary files that an earlier process left when it wrote the same text
// into the same folder.
func (w *Writer) sweep(name string, text []byte) {
	mine, err := os.Lstat(name)
	if err != nil || len(text) == 0 {
		return
	}
	dir := filepath.Dir(name)
	for _, other := range w.leftovers(dir) {
		other = filepath.Join(dir, other)
		info, err := os.Lstat(other)
		if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(text)) || mine.ModTime().Sub(info.ModTime()) < older {
			continue
		}
		if theirs, err := os.ReadFile(other); err == nil && bytes.Equal(theirs, text) {
			_ = os.Remove(other) // the next run removes it otherwise
		}
	}
}

// leftovers returns the temporary files in a folder, which is listed once.
func (w *Writer) leftovers(dir string) []string {
	if names, ok := w.left[dir]; ok {
		return names
	}
	var names []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if len(names) < most && e.Type().IsRegular() && temporary.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	if w.left == nil {
		w.left = map[string][]string{}
	}
	w.left[dir] = names
	return names
}
