package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// checker type-checks printed Go, with the packages of the module as they are compiled.
type checker struct {
	fset    *token.FileSet
	imports types.Importer
}

// newChecker asks the go command for the compiled packages that printed Go may import.
func newChecker() (*checker, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}"}, plan.Imports()...)
	cmd := exec.Command("go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
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
	return &checker{fset, importer.ForCompiler(fset, "gc", lookup)}, nil
}

// check returns the first error in a file of Go.
func (c *checker) check(src []byte) error {
	f, err := parser.ParseFile(c.fset, "ci.go", src, parser.ParseComments)
	if err != nil {
		return err
	}
	config := types.Config{Importer: c.imports}
	_, err = config.Check("ci", c.fset, []*ast.File{f}, nil)
	return err
}
