package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/tekwright/tekwright/internal/discovery"
)

// WriteDir builds the set and writes each object to its own file in the folder, named
// <kind>-<name>.yaml. It creates the folder if necessary, and removes files that it
// wrote earlier for objects that no longer exist. Files written by anything else are
// never touched; it is an error if one of them has the name of a file to be written.
// Secrets with values are an error.
//
// All new files are written to disk before the first one is replaced, each by an
// atomic rename. Unchanged files are not touched. If the process is killed while it
// replaces files, it leaves a marker file. CheckDir and ReadDir then return an error
// until WriteDir has succeeded. WriteDir does not lock the folder against other
// writers.
//
// File names that would be too long or not unique get a hash at the end. Declared
// Secrets are listed in declared.yaml, as comments.
func (s *Set) WriteDir(dir string) error {
	want, f, err := s.plan(dir)
	if err != nil {
		return err
	}
	if err := f.inTheWay(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot create the folder %q: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("cannot open the folder %q: %w", dir, err)
	}
	defer root.Close()

	var changed []file
	for _, w := range want {
		if old, ok := f.old[w.name]; !ok || !bytes.Equal(old.text, w.text) {
			changed = append(changed, w)
		}
	}
	defer func() {
		for _, w := range changed { // those that were not renamed
			_ = root.Remove(temporary(w.name))
		}
	}()
	for i, w := range changed {
		s.step("write", i, len(changed))
		if err := stage(root, w, f.old[w.name].mode); err != nil {
			return fmt.Errorf("the folder %q is unchanged: %w", dir, err)
		}
	}
	if len(changed)+len(f.gone) == 0 && !f.unfinished {
		return f.sweep(root)
	}
	if err := mark(root); err != nil {
		return fmt.Errorf("the folder %q is unchanged: %w", dir, err)
	}
	for _, w := range changed {
		if err := root.Rename(temporary(w.name), w.name); err != nil {
			return halfway(dir, err)
		}
	}
	for _, name := range f.gone {
		if err := root.Remove(name); err != nil {
			return halfway(dir, err)
		}
	}
	if err := syncFolder(root); err != nil {
		return halfway(dir, err)
	}
	if err := root.Remove(unfinishedFile); err != nil {
		return halfway(dir, err)
	}
	return f.sweep(root)
}

// unfinishedFile exists in a folder while its files are replaced.
const unfinishedFile = discovery.Unfinished

// mark creates the marker file, which means that files are being replaced.
func mark(root *os.Root) (err error) {
	out, err := root.OpenFile(unfinishedFile, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return out.Sync()
}

// sweep removes temporary files of a killed process.
func (f *folder) sweep(root *os.Root) error {
	for _, name := range f.staged {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func halfway(dir string, err error) error {
	return fmt.Errorf("the folder %q is only partly updated; generate it again: %w", dir, err)
}

// temporary returns the name under which a file is written before it is renamed. Its
// extension is not that of a YAML file.
func temporary(name string) string { return "." + name + staged }

// staged is the extension of temporary files.
const staged = ".tekwright"

// stage writes a temporary file. It replaces one that an earlier process left.
func stage(root *os.Root, w file, mode fs.FileMode) (err error) {
	if mode == 0 {
		mode = 0o644
	}
	name := temporary(w.name)
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := out.Write(w.text); err != nil {
		return err
	}
	return out.Sync()
}

// syncFolder syncs the folder to disk, on systems that support it.
func syncFolder(root *os.Root) error {
	d, err := root.Open(".")
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // opened to be read
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}
