//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package folderlock

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// tryLock locks the lock file, and creates it if necessary. On a file system without
// locks, it does nothing.
func tryLock(root *os.Root) (unlock func(), err error) {
	for {
		f, err := root.OpenFile(File, os.O_RDWR|os.O_CREATE, 0o644)
		if errors.Is(err, fs.ErrPermission) {
			f, err = root.Open(File) // left behind by another user
		}
		if err != nil {
			return nil, err
		}
		current, err := flock(root, f)
		if current {
			return func() {
				// The file is removed before it is unlocked: whoever has opened it
				// finds it outdated.
				_ = root.Remove(File)
				_ = f.Close()
			}, nil
		}
		_ = f.Close()
		if err != nil {
			return nil, err
		}
	}
}

// flock locks an open file. It returns false without an error if the file was removed
// or replaced meanwhile.
func flock(root *os.Root, f *os.File) (current bool, err error) {
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, errLocked
	case err != nil && !errors.Is(err, errors.ErrUnsupported):
		return false, &fs.PathError{Op: "flock", Path: File, Err: err}
	}
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	now, err := root.Lstat(File)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(mine, now), err
}
