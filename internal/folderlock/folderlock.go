// Package folderlock locks a folder against other processes that write it, such as a second
// run of a generator. The lock is that of the operating system, which ends with the process: a
// file that was left behind locks nothing.
package folderlock

import (
	"errors"
	"fmt"
	"os"
)

// ErrBusy means that another process is writing the folder.
var ErrBusy = errors.New("another process is writing to it")

// File exists while a process writes the folder.
const File = ".tekwright-lock"

// errLocked is the error of tryLock if another process has the lock.
var errLocked = errors.New("locked")

// Lock locks the folder against other writers, without waiting for them. Readers need no lock.
// dir is the name of the folder in errors, which say that it is unchanged.
func Lock(root *os.Root, dir string) (unlock func(), err error) {
	if err := regular(root, File); err != nil {
		return nil, fmt.Errorf("the folder %q is unchanged: %w", dir, err)
	}
	// Ours is empty. It is removed when it is unlocked.
	if info, err := root.Lstat(File); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("the folder %q is unchanged: %q was not written by tekwright; move it away, or use another folder", dir, File)
	}
	unlock, err = tryLock(root)
	switch {
	case errors.Is(err, errLocked):
		return nil, fmt.Errorf("the folder %q is unchanged: %w; run the program again when the other one has finished", dir, ErrBusy)
	case err != nil:
		return nil, fmt.Errorf("the folder %q is unchanged, because it cannot be locked: %w", dir, err)
	}
	return unlock, nil
}

// regular returns an error if the file exists and is not a regular file. Opening
// others may wait, or have effects.
func regular(root *os.Root, name string) error {
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%q is not a regular file; remove it", name)
	}
	return nil
}
