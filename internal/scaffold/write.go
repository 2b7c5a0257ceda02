package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Write writes files below a folder. If one of them exists, it writes nothing. If it fails
// later, it removes what it has written. It does not follow a symbolic link out of the folder.
func Write(dir string, files []File) (err error) {
	made, err := makeAll(dir)
	defer func() {
		if err != nil {
			for i := len(made) - 1; i >= 0; i-- {
				_ = os.Remove(made[i]) // a directory remains if another program wrote into it
			}
		}
	}()
	if err != nil {
		return fmt.Errorf("cannot create a directory: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("cannot open the directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	return write(root, files)
}

// write is Write below an open directory.
func write(root *os.Root, files []File) (err error) {
	var there []string
	for _, f := range files {
		if _, err := root.Lstat(at(f)); err == nil {
			there = append(there, f.Name)
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("%s: %w", strings.Join(there[:min(len(there), some)], ", "), fs.ErrExist)
	}
	var written []string // files and directories, in order
	defer func() {
		if err != nil {
			for i := len(written) - 1; i >= 0; i-- {
				_ = root.Remove(written[i])
			}
		}
	}()
	for _, f := range files {
		name := at(f)
		made, err := makeBelow(root, filepath.Dir(name))
		written = append(written, made...)
		if err != nil {
			return fmt.Errorf("cannot create a directory: %w", err)
		}
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return fmt.Errorf("cannot write a file: %w", err)
		}
		written = append(written, name)
		_, err = file.WriteString(f.Text)
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("cannot write %s: %w", f.Name, err)
		}
	}
	return nil
}

// some is the number of files that an error lists.
const some = 5

func at(f File) string { return filepath.FromSlash(f.Name) }

// makeAll creates a directory with those above it. It returns the ones that it has created,
// the outermost first.
func makeAll(dir string) (made []string, err error) {
	return makeEach(dir, os.Stat, os.Mkdir)
}

// makeBelow is makeAll below a directory.
func makeBelow(root *os.Root, dir string) (made []string, err error) {
	return makeEach(dir, root.Stat, root.Mkdir)
}

func makeEach(dir string, stat func(string) (fs.FileInfo, error), mkdir func(string, fs.FileMode) error) (made []string, err error) {
	if _, err := stat(dir); err == nil || filepath.Dir(dir) == dir {
		return nil, err
	}
	if made, err = makeEach(filepath.Dir(dir), stat, mkdir); err != nil {
		return made, err
	}
	if err := mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return made, err
	}
	return append(made, dir), nil
}
