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

// WriteDir builds the set and writes each object into a file of its own in the
// folder, called <kind>-<name>.yaml. The folder is made if need be. Files that
// WriteDir wrote before, and whose object is gone, are removed; files of
// anybody else are never touched, and one in the way is an error. So is a
// Secret that holds values.
//
// Everything is checked, and every new file is safe on disk, before the first
// old one is replaced; each is replaced at once. Files that would not change
// are left alone. A process that is killed while it replaces them leaves a mark
// behind, with which CheckDir and ReadDir are errors until WriteDir has gone
// through: no mix of old and new passes for either. Two writers of one folder
// at once are not kept apart.
//
// Names that no file can have are changed, with a hash at the end; declared
// Secrets are in declared.yaml, as comments.
func (s *Set) WriteDir(dir string) error {
	want, f, err := s.plan(dir)
	if err != nil {
		return err
	}
	if err := f.inTheWay(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder %q cannot be made: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("the folder %q cannot be opened: %w", dir, err)
	}
	defer root.Close()

	var changed []file
	for _, w := range want {
		if old, ok := f.old[w.name]; !ok || !bytes.Equal(old.text, w.text) {
			changed = append(changed, w)
		}
	}
	defer func() {
		for _, w := range changed { // those that are still there
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

// unfinishedFile stands in a folder while its files are replaced.
const unfinishedFile = discovery.Unfinished

// mark puts the mark into the folder that its files are being replaced.
func mark(root *os.Root) (err error) {
	out, err := root.OpenFile(unfinishedFile, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return out.Sync()
}

// sweep removes files that a killed process staged.
func (f *folder) sweep(root *os.Root) error {
	for _, name := range f.staged {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func halfway(dir string, err error) error {
	return fmt.Errorf("the folder %q is only partly up to date; write it again: %w", dir, err)
}

// temporary is the name under which a file is written before it takes its
// place. It is no YAML file to anybody who looks.
func temporary(name string) string { return "." + name + staged }

// staged is how the names of such files end.
const staged = ".tekwright"

// stage writes a file beside its place. One that an earlier run left behind
// is replaced.
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

// syncFolder makes the new names last, on systems that can.
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
