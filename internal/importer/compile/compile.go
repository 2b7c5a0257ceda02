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

// Check type-checks files of one package, by their names. Their imports are those of the
// module that the directory is in, as the go command compiles them: nothing is downloaded,
// and go.mod is not changed. The error is that of the first mistake, or wraps
// ErrUnavailable.
func Check(ctx context.Context, dir string, files map[string][]byte) error {
	fset := token.NewFileSet()
	var parsed []*ast.File
	var imports []string
	for _, name := range sorted(files) {
		f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		parsed = append(parsed, f)
		for _, i := range f.Imports {
			if path, err := strconv.Unquote(i.Path.Value); err == nil && !slices.Contains(imports, path) {
				imports = append(imports, path)
			}
		}
	}
	slices.Sort(imports)
	compiled, err := exported(ctx, dir, imports)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if compiled[path] == "" {
			return nil, errors.New("the go command did not compile " + path)
		}
		return os.Open(compiled[path])
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}
	_, err = config.Check("checked", fset, parsed, nil)
	return err
}

func sorted(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// exported returns the files that describe compiled packages, by the paths of the packages.
func exported(ctx context.Context, dir string, imports []string) (map[string]string, error) {
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
		return nil, errors.New("the go command is not installed")
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return nil, errors.New(first)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			files[path] = file
		}
	}
	return files, nil
}
