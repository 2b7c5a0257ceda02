package tasktest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Steps can leave anything in the folders that they share with this process, also links. In a
// container, a link leads to a path of the container. This process must not follow it to a
// path of this machine: a step could read and change files that it does not have.

// mostLinks is how many links a path may have, as on Linux.
const mostLinks = 40

// inside calls a function with the root of the layout.
func (l layout) inside(do func(*os.Root) error) error {
	if err := os.MkdirAll(l.root, 0o777); err != nil {
		return err
	}
	r, err := os.OpenRoot(l.root)
	if err != nil {
		return err
	}
	defer r.Close()
	return do(r)
}

// resolved returns a path in a container without links, relative to the root. Links lead to
// paths in the container. What does not exist has no links.
func (l layout) resolved(r *os.Root, p string) (string, error) {
	done, rest, links := ".", strings.Split(path.Clean("/"+p), "/"), 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			done = path.Dir(done)
			continue
		}
		next := path.Join(done, part)
		info, err := r.Lstat(filepath.FromSlash(next))
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			done = next
			continue
		}
		if links++; links > mostLinks {
			return "", fmt.Errorf("%s has too many symbolic links", p)
		}
		target, err := r.Readlink(filepath.FromSlash(next))
		if err != nil {
			return "", err
		}
		if filepath.IsAbs(target) {
			done = "."
			if own, ok := strings.CutPrefix(target, l.root); ok { // a link of the layout, or of a step of Host
				target = own
			}
		}
		rest = append(strings.Split(filepath.ToSlash(target), "/"), rest...)
	}
	return filepath.FromSlash(done), nil
}

// real returns the path on this machine of a path in a container. The path has no links, unless a
// process changes it now.
func (l layout) real(p string) (name string, err error) {
	err = l.inside(func(r *os.Root) error {
		name, err = l.resolved(r, p)
		return err
	})
	return filepath.Join(l.root, name), err
}

// open opens a regular file at a path in a container, and makes it and its folder if it is opened
// to be created.
func (l layout) open(p string, flag int, mode os.FileMode) (f *os.File, err error) {
	err = l.inside(func(r *os.Root) error {
		name, err := l.resolved(r, p)
		if err != nil {
			return err
		}
		if flag&os.O_CREATE != 0 {
			if err := r.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				return err
			}
		}
		// Opening a pipe would wait for its other end.
		if f, err = r.OpenFile(name, flag|nonblock, mode); err != nil {
			return err
		}
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("the step has left something else than a file at %s", path.Base(p))
		}
		if err != nil {
			return errors.Join(err, f.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// read reads a file that a step has left.
func (l layout) read(p string) ([]byte, error) {
	f, err := l.open(p, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(io.LimitReader(f, maxOutput+1))
	if err == nil && len(text) > maxOutput {
		err = fmt.Errorf("the step has left a file of more than %d MiB at %s", maxOutput>>20, path.Base(p))
	}
	return text, err
}

// put writes a file.
func (l layout) put(p, text string, mode os.FileMode) error {
	f, err := l.open(p, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// dir makes a folder.
func (l layout) dir(p string) error {
	return l.inside(func(r *os.Root) error {
		name, err := l.resolved(r, p)
		if err != nil || name == "." {
			return err
		}
		return r.MkdirAll(name, 0o777)
	})
}

// link makes a path the same folder as another one, unless it exists.
func (l layout) link(at, also string) error {
	return l.inside(func(r *os.Root) error {
		folder, err := l.resolved(r, path.Dir(also))
		if err != nil {
			return err
		}
		name := filepath.Join(folder, path.Base(also))
		if _, err := r.Lstat(name); err == nil {
			return nil
		}
		if err := r.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		return r.Symlink(l.at(at), name)
	})
}
