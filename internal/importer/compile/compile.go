// Package compile type-checks Go before it is written.
package compile

import (
	"bytes"
	"context"
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
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrUnavailable means that nothing could be checked: there is no go command, or no module
// that has the packages.
var ErrUnavailable = errors.New("the Go was not type-checked")

// Checker type-checks Go with the packages of a module.
type Checker struct {
	dir      string
	compiled map[string]string // files that describe compiled packages, by path
	asked    map[string]bool
	fset     *token.FileSet
	imports  types.Importer
}

// New returns a checker for the module that a directory is in. Its packages are those that
// the go command compiles: nothing is downloaded, and go.mod is not changed.
func New(dir string) *Checker {
	c := &Checker{dir: dir, compiled: map[string]string{}, asked: map[string]bool{}, fset: token.NewFileSet()}
	c.imports = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		if c.compiled[path] == "" {
			return nil, errors.New("the go command did not compile " + path)
		}
		return os.Open(c.compiled[path])
	})
	return c
}

// Check type-checks files of one package, by their names. The error is that of the first
// mistake, or wraps ErrUnavailable.
func (c *Checker) Check(ctx context.Context, files map[string][]byte) error {
	var parsed []*ast.File
	var imports []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(c.fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		parsed = append(parsed, f)
		for _, i := range f.Imports {
			if path, err := strconv.Unquote(i.Path.Value); err == nil && !c.asked[path] {
				c.asked[path] = true
				imports = append(imports, path)
			}
		}
	}
	if len(imports) > 0 {
		slices.Sort(imports)
		if err := c.export(ctx, imports); err != nil {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	config := types.Config{Importer: c.imports}
	_, err := config.Check("checked", c.fset, parsed, nil)
	return err
}

// export asks the go command for compiled packages.
func (c *Checker) export(ctx context.Context, imports []string) error {
	dir := c.dir
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			break
		}
		dir = filepath.Dir(dir) // the package is new
	}
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}", "--"}, imports...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=") //nolint:forbidigo // the go command needs the environment of the user
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("the go command is not installed")
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return errors.New(first)
	}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			c.compiled[path] = file
		}
	}
	return nil
}
