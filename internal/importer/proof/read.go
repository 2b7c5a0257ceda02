package proof

import (
	"context"
	"errors"
	"fmt"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// Originals are the objects that were imported.
type Originals struct {
	Objects []object.Object
	// Hide returns a text without the values of Secrets in the files.
	Hide func(string) string
}

// Read reads originals from files and folders. A file that cannot be read is an error.
func Read(ctx context.Context, paths ...string) (Originals, error) {
	loaded, err := manifest.Load(ctx, paths, manifest.LoadOptions{})
	if err != nil {
		return Originals{}, err
	}
	var failed diag.Findings
	for _, f := range loaded.Findings {
		if manifest.IsReadFailure(f) && f.Severity == diag.Error {
			failed = append(failed, f)
		}
	}
	if err := failed.Err(); err != nil {
		return Originals{}, err
	}
	var objects []object.Object
	for _, o := range loaded.Objects {
		if o.Declared == nil { // by a set, whose folder it is
			objects = append(objects, o)
		}
	}
	if len(objects) == 0 {
		return Originals{}, fmt.Errorf("there are no objects in %q", paths)
	}
	return Originals{objects, loaded.Hide}, nil
}

// Described returns the objects of sets. The error has what the sets themselves report.
func Described(sets ...*manifest.Set) ([]object.Object, error) {
	var objects []object.Object
	var problems []error
	for _, s := range sets {
		list, _ := s.Objects() // Build returns the error as well
		objects = append(objects, list...)
		problems = append(problems, s.Build())
	}
	return objects, errors.Join(problems...)
}
