package project

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	goimporter "go/importer"
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

// Checker returns a function for Options.Check. It asks the go command for the compiled packages
// that the Go imports, in the module that the folder is in. It changes nothing in the module, and
// fetches nothing.
func Checker(ctx context.Context, dir string) func(string, map[string][]byte) (map[string]error, error) {
	c := &checker{ctx: ctx, dir: dir, exports: map[string]string{}}
	return c.check
}

type checker struct {
	ctx     context.Context //nolint:containedctx // of one import
	dir     string
	exports map[string]string // files with the types of packages, by import path
}

func (c *checker) check(importPath string, texts map[string][]byte) (map[string]error, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	failed := map[string]error{}
	needed := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f, err := parser.ParseFile(fset, name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			failed[name] = err
			continue
		}
		files = append(files, f)
		for _, i := range f.Imports {
			if p, err := strconv.Unquote(i.Path.Value); err == nil && c.exports[p] == "" {
				needed[p] = true
			}
		}
	}
	if len(failed) > 0 {
		return failed, nil
	}
	if err := c.list(slices.Sorted(maps.Keys(needed))); err != nil {
		return nil, err
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if c.exports[path] == "" {
			return nil, errors.New("the package " + path + " is not known")
		}
		return os.Open(c.exports[path])
	}
	config := types.Config{Importer: goimporter.ForCompiler(fset, "gc", lookup), Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) {
			return
		}
		if at := fset.Position(e.Pos); failed[at.Filename] == nil {
			failed[at.Filename] = fmt.Errorf("%d:%d: %s", at.Line, at.Column, e.Msg)
		}
	}}
	if _, err := config.Check(importPath, fset, files, nil); err != nil && len(failed) == 0 {
		return nil, err
	}
	return failed, nil
}

// list finds the compiled packages.
func (c *checker) list(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	dir := c.dir
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			break
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		return errors.New("its folder does not exist")
	}
	mode := "-mod=readonly" // go.mod does not change
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "vendor", "modules.txt")); err == nil {
			mode = "-mod=vendor"
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	cmd := exec.CommandContext(c.ctx, "go", append([]string{"list", mode, "-e", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}"}, paths...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local") //nolint:forbidigo // of the go command
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("there is no go command")
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return fmt.Errorf("go list: %s", first)
	}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			c.exports[path] = file
		}
	}
	for _, p := range paths {
		if c.exports[p] == "" && p != "unsafe" {
			return fmt.Errorf("the module does not have the package %s", p)
		}
	}
	return nil
}
