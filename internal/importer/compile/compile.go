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

// Checker type-checks Go with the packages of a module. It may be used by one goroutine at a
// time.
type Checker struct {
	dir      string
	compiled map[string]string // files that describe compiled packages, by path
	only     []string          // what the Go may import, nil for anything
	also     []string          // what to ask for with the first package
	imports  types.Importer
}

// New returns a checker for the module that a directory is in. Its packages are those that
// the go command compiles: nothing is downloaded, and go.mod is not changed.
func New(dir string) *Checker {
	c := &Checker{dir: dir, compiled: map[string]string{}}
	c.imports = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if c.compiled[path] == "" {
			return nil, errors.New("the go command did not compile " + path)
		}
		return os.Open(c.compiled[path])
	})
	return c
}

// Expect names packages that the Go may import. The go command is then asked for all of them at
// once, instead of again for each that is new, which takes seconds. A module need not have them.
func (c *Checker) Expect(imports ...string) *Checker {
	c.also = imports
	return c
}

// Only returns a checker for Go that may import certain packages, and no others.
func Only(ctx context.Context, dir string, imports ...string) (*Checker, error) {
	c := New(dir)
	if err := c.export(ctx, imports); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	c.only = imports
	return c, nil
}

// Check type-checks files of one package, by their names. The error is that of the first
// mistake, or wraps ErrUnavailable.
func (c *Checker) Check(ctx context.Context, files map[string][]byte) error {
	mistakes, err := c.Package(ctx, "checked", files)
	if err != nil || len(mistakes) == 0 {
		return err
	}
	name := slices.Min(slices.Collect(maps.Keys(mistakes)))
	return fmt.Errorf("%s:%w", name, mistakes[name])
}

// Package type-checks the files of the package with an import path, and returns the first
// mistake in each file, by name. The error wraps ErrUnavailable if nothing could be checked.
func (c *Checker) Package(ctx context.Context, path string, files map[string][]byte) (map[string]error, error) {
	// The positions of each check would stay in the file set, so each has one of its own.
	fset := token.NewFileSet()
	mistakes := map[string]error{}
	var parsed []*ast.File
	needed := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(fset, name, files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			mistakes[name] = err
			continue
		}
		parsed = append(parsed, f)
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			switch {
			case err != nil || p == "unsafe" && c.only == nil:
			case c.only != nil && !slices.Contains(c.only, p):
				mistakes[name] = errors.New("the Go imports " + p)
			case c.compiled[p] == "":
				needed[p] = true
			}
		}
	}
	if len(mistakes) > 0 {
		return mistakes, nil
	}
	if len(needed) > 0 {
		if err := c.export(ctx, slices.Sorted(maps.Keys(needed))); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	config := types.Config{Importer: c.imports, Error: func(err error) {
		if e, ok := errors.AsType[types.Error](err); ok {
			if at := fset.Position(e.Pos); mistakes[at.Filename] == nil {
				mistakes[at.Filename] = fmt.Errorf("%d:%d: %s", at.Line, at.Column, e.Msg)
			}
		}
	}}
	if _, err := config.Check(path, fset, parsed, nil); err != nil && len(mistakes) == 0 {
		return nil, err
	}
	return mistakes, nil
}

// export asks the go command for compiled packages.
func (c *Checker) export(ctx context.Context, imports []string) error {
	dir, err := existing(c.dir)
	if err != nil {
		return err
	}
	args := []string{"list", mode(dir), "-e", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}", "--"}
	cmd := exec.CommandContext(ctx, "go", slices.Concat(args, imports, c.also)...) //nolint:gosec // the imports are arguments after --
	c.also = nil
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local") //nolint:forbidigo // the go command needs the environment of the user
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("there is no go command")
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return errors.New("go list: " + first)
	}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			c.compiled[path] = file
		}
	}
	for _, path := range imports {
		if c.compiled[path] == "" {
			return errors.New("the module does not have the package " + path)
		}
	}
	return nil
}

// existing returns the nearest folder that exists: that of a package may be new.
func existing(dir string) (string, error) {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("its folder does not exist")
		}
		dir = up
	}
}

// mode returns the flag with which the go command changes no go.mod.
func mode(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, "vendor", "modules.txt")); err == nil {
			return "-mod=vendor"
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "-mod=readonly"
		}
		dir = up
	}
}
