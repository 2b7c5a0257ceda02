package project

import "errors"

// GoFile is goFile for tests.
func GoFile(prefix, name string) string { return goFile(prefix, name) }

// ErrStopped is the error of an import that a test stops.
var ErrStopped = errors.New("stopped")

// StopAfter makes Apply fail after a number of changes of the folder, as if the process was
// stopped. It returns a function that ends this.
func StopAfter(steps int) func() {
	before = func() error {
		if steps--; steps < 0 {
			return ErrStopped
		}
		return nil
	}
	return func() { before = func() error { return nil } }
}
