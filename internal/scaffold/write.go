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
// later, it removes what it has written.
func Write(root string, files []File) (err error) {
	var there []string
	for _, f := range files {
		if _, err := os.Lstat(at(root, f)); err == nil {
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
				_ = os.Remove(written[i]) // a directory remains if another program wrote into it
			}
		}
	}()
	for _, f := range files {
		name := at(root, f)
		made, err := makeAll(filepath.Dir(name))
		written = append(written, made...)
		if err != nil {
			return fmt.Errorf("cannot create a directory: %w", err)
		}
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
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

func at(root string, f File) string { return filepath.Join(root, filepath.FromSlash(f.Name)) }

// makeAll creates a directory with those above it. It returns the ones that it has created,
// the outermost first.
func makeAll(dir string) (made []string, err error) {
	if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
		return nil, err
	}
	if made, err = makeAll(filepath.Dir(dir)); err != nil {
		return made, err
	}
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return made, err
	}
	return append(made, dir), nil
}
