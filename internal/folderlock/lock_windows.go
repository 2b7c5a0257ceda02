package folderlock

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	errorSharingViolation = syscall.Errno(32)
	deleteOnClose         = 0x04000000 // FILE_FLAG_DELETE_ON_CLOSE
)

// tryLock opens the lock file so that nobody else can open it. Windows removes it when
// it is closed, or when the process ends.
func tryLock(root *os.Root) (unlock func(), err error) {
	name := filepath.Join(root.Name(), File)
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS,
		syscall.FILE_ATTRIBUTE_NORMAL|syscall.FILE_FLAG_OPEN_REPARSE_POINT|deleteOnClose, 0)
	switch {
	case errors.Is(err, errorSharingViolation):
		return nil, errLocked
	case err != nil:
		return nil, &fs.PathError{Op: "lock", Path: name, Err: err}
	}
	return func() { _ = syscall.CloseHandle(h) }, nil
}
