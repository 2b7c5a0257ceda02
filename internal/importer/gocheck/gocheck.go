// Package gocheck type-checks printed Go with the packages of the library as the go command
// compiles them.
package gocheck

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec" //nolint:depguard // only the go command knows what is compiled
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// Checker type-checks Go. It may be used by one goroutine at a time.
type Checker struct {
	fset    *token.FileSet
	imports types.Importer
}

// New asks the go command in a directory for the compiled packages that printed Go may import.
// The directory is in a module that requires the library.
func New(dir string) (*Checker, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}"}, plan.Imports()...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, strings.TrimSpace(messages.String()))
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			files[path] = file
		}
	}
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, errors.New("printed Go imports " + path)
		}
		return os.Open(files[path])
	}
	return &Checker{fset, importer.ForCompiler(fset, "gc", lookup)}, nil
}

// Check returns the first error in a file of Go.
func (c *Checker) Check(src []byte) error { return c.Package(map[string][]byte{"ci.go": src}) }

// Package returns the first error in the files of a package.
func (c *Checker) Package(files map[string][]byte) error {
	// The positions of each check would stay in the file set, so each has one of its own.
	// Those of the imported packages, in the other one, are not needed.
	fset := token.NewFileSet()
	var all []*ast.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(fset, name, files[name], parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, f)
	}
	config := types.Config{Importer: c.imports}
	_, err := config.Check("ci", fset, all, nil)
	return err
}
