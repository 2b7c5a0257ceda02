package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/folderlock"
)

// WriteDir builds the set and writes each object to its own file in the folder, named
// <kind>-<name>.yaml. It creates the folder if necessary, and removes files that it
// wrote earlier for objects that no longer exist. The file .tekwright-files lists the
// files that it wrote; commit it with them. All other files are never touched, also
// copies of generated files. It is an error if one of them has the name of a file to
// be written. Secrets with values are an error.
//
// All new files are written to disk before the first one is replaced, each by an
// atomic rename. Unchanged files are not touched. If the process is killed while it
// replaces files, it leaves a marker file. CheckDir, ReadDir and Load then return an
// error until WriteDir has succeeded.
//
// If another process is writing the folder, WriteDir changes nothing and returns an
// error that wraps [ErrBusy]. It does not wait. The lock ends with the process. On
// file systems without locks, and between computers that share a network file system
// without them, there is no such error.
//
// File names that would be too long or not unique get a hash at the end. Declared
// Secrets are listed in declared.yaml, as comments. The file .tekwright-check has the
// names, types and keys of declared Secrets, and the profile of the set, so that [Load]
// and the command tekwright check find what Build finds. It is omitted if there is
// neither. kubectl and kustomize do not read it.
func (s *Set) WriteDir(dir string) error {
	want, err := s.plan(dir)
	if err != nil {
		return err
	}
	if done, err := upToDate(dir, want); done || err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot create the folder %q: %w", dir, err)
	}
	root, err := openFolder(dir)
	if err != nil {
		return fmt.Errorf("cannot open the folder %q: %w", dir, err)
	}
	defer root.Close()
	unlock, err := folderlock.Lock(root, dir)
	if err != nil {
		return err
	}
	defer unlock()
	f, err := look(dir, want) // again: another process may have written it
	if err != nil {
		return err
	}
	if err := f.inTheWay(); err != nil {
		return err
	}
	return s.replace(root, f, want)
}

// upToDate reports whether there is nothing to write. The folder is not locked, so
// that this does not change it. The error means that the folder cannot be written.
func upToDate(dir string, want []file) (bool, error) {
	var f *folder
	whole, err := discovery.Whole(dir, func() (err error) {
		f, err = look(dir, want)
		return err
	})
	if !whole {
		return false, nil
	}
	if err == nil {
		err = f.inTheWay()
	}
	return err == nil && len(f.changes(want))+len(f.gone)+len(f.leftovers) == 0, err
}

// replace writes the new files, and replaces the old ones by them.
func (s *Set) replace(root *os.Root, f *folder, want []file) (err error) {
	changed, list := f.changes(want), want[len(want)-1]
	if len(changed)+len(f.gone) == 0 && !f.unfinished {
		return f.sweep(root)
	}
	if len(changed) == 0 || changed[len(changed)-1].name != list.name {
		changed = append(changed, list) // with any other file, since readers look at its time
	}
	made := 0
	defer func() {
		for _, w := range changed[:made] { // those that were not renamed
			_ = root.Remove(temporary(w.name))
		}
	}()
	for i, w := range changed {
		if err := s.step("write", i, len(changed)); err != nil {
			return fmt.Errorf("the folder %q is unchanged: %w", f.dir, err)
		}
		if err := stage(root, w, f.old[w.name].mode); err != nil {
			return fmt.Errorf("the folder %q is unchanged: %w", f.dir, err)
		}
		made++
	}
	if err := f.unchanged(root, changed); err != nil {
		return fmt.Errorf("the folder %q is unchanged: %w", f.dir, err)
	}
	if err := after(root, temporary(listFile), f.changed); err != nil {
		return fmt.Errorf("the folder %q is unchanged: %w", f.dir, err)
	}
	// If the process is killed, the marker tells the next one which files are ours.
	marker := listOf(unfinishedFile, append(names(want[:len(want)-1]), f.listed...)...)
	if err := mark(root, marker); err != nil {
		return fmt.Errorf("the folder %q is unchanged: %w", f.dir, err)
	}
	for _, w := range changed {
		if err := root.Rename(temporary(w.name), w.name); err != nil {
			return halfway(f.dir, err)
		}
	}
	for _, name := range f.gone {
		if err := root.Remove(name); err != nil {
			return halfway(f.dir, err)
		}
	}
	if err := syncFolder(root); err != nil {
		return halfway(f.dir, err)
	}
	if err := root.Remove(unfinishedFile); err != nil {
		return halfway(f.dir, err)
	}
	return f.sweep(root)
}

// unchanged returns an error if somebody else has changed or created one of the files that are
// to be replaced or removed while the new ones were written, which may take long.
func (f *folder) unchanged(root *os.Root, changed []file) error {
	for _, w := range changed {
		old, existed := f.old[w.name]
		now, err := lookAt(root, w.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case !existed || old.header != now.header || !bytes.Equal(old.text, now.text):
			return fmt.Errorf("the file %q changes meanwhile; run the program again", w.name)
		}
	}
	for _, name := range f.gone {
		if header, err := isWhole(root, name); err != nil || !header {
			return errors.Join(err, fmt.Errorf("the file %q changes meanwhile; run the program again", name))
		}
	}
	return nil
}

// mark creates the marker file, which means that files are being replaced.
func mark(root *os.Root, marker file) error {
	if err := stage(root, marker, 0); err != nil {
		return err
	}
	if err := root.Rename(temporary(marker.name), marker.name); err != nil {
		_ = root.Remove(temporary(marker.name))
		return err
	}
	return syncFolder(root)
}

// after gives a file a modification time after an earlier one. The clock may have
// stood still, or the file system may store whole seconds.
func after(root *os.Root, name string, earlier time.Time) error {
	info, err := root.Lstat(name)
	if err != nil || info.ModTime().After(earlier) {
		return err
	}
	later := earlier.Add(2 * time.Second) // FAT stores even seconds
	return root.Chtimes(name, later, later)
}

// sweep removes temporary files of a killed process. Our own lock file is removed
// when it is unlocked.
func (f *folder) sweep(root *os.Root) error {
	for _, name := range f.leftovers {
		if name == folderlock.File {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func halfway(dir string, err error) error {
	return fmt.Errorf("the folder %q is only partly updated; generate it again: %w", dir, err)
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
