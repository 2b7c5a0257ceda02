package project

import (
	"errors"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Set returns the set that the only package of the sources describes.
func Set(s *Sources, o Options) (*manifest.Set, error) {
	list := packages(s.Documents)
	if len(list) != 1 {
		return nil, errors.New("there are several packages")
	}
	g := newGenerator(s, &list[0], o, nil)
	if err := g.generate(); err != nil {
		return nil, err
	}
	source, err := plan.Run(g.set)
	if err != nil {
		return nil, err
	}
	if set, ok := source.(*manifest.Set); ok {
		return set, nil
	}
	return manifest.New(source), nil
}

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
