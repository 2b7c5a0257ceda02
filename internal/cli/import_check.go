package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec" //nolint:depguard // only the go command knows what is compiled
	"path"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// compare reports whether the package still describes the manifests.
func (i *importing) compare(ctx context.Context, s *project.Sources, m module) error {
	if m.file == "" {
		return fmt.Errorf("cannot run the package in %s: it is not in a Go module", i.dir)
	}
	var b strings.Builder
	objects, differ := 0, 0
	for _, p := range project.Packages(s) {
		described, problem, err := i.describe(ctx, m, p.Dir)
		if err != nil {
			return err
		}
		if problem != "" {
			b.WriteString(printable.Sprintf("%s: the set has errors\n", i.shownDir(p.Dir)) + string(printable.Indented(i.hidden(problem), "  ")) + "\n")
			differ++
		}
		for _, d := range proof.Compare(p.Objects, described, proof.Options{Exact: i.exact, Hide: i.hidden}) {
			if d.Kind != proof.Twice {
				d.Described = diag.Position{} // in the output of a program
			}
			b.WriteString(string(printable.Block(d.String())) + "\n")
			differ++
		}
		objects += len(p.Objects)
	}
	for _, f := range s.Unread {
		b.WriteString(printable.Sprintf("%s: %s\n", f.Position, f.Message))
	}
	switch {
	case len(s.Unread) > 0:
		i.exit = failed
	case differ > 0:
		i.exit = found
	default:
		b.WriteString(printable.Sprintf("%s describes %s\n", i.dir, plural(objects, "object")))
	}
	return printable.Fprintf(printable.Hiding(i.Out, i.hidden), "%s", printable.Text(b.String()))
}

// describe runs the package, and returns the objects of its sets. The program that does so
// exists for the go command alone. The problem is what the sets report.
func (i *importing) describe(ctx context.Context, m module, dir string) (objects []object.Object, problem string, err error) {
	at := filepath.Join(m.dir, filepath.FromSlash(dir))
	runs, err := declaresRuns(at)
	if err != nil {
		return nil, "", fmt.Errorf("cannot read the package in %s: %w", i.shownDir(dir), err)
	}
	scratch, err := os.MkdirTemp("", "tekwright-import-")
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	source, overlay := filepath.Join(scratch, "main.go"), filepath.Join(scratch, "overlay.json")
	program := filepath.Join(at, "gen", "tekwrightimport")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(program, "main.go"): source}})
	if err != nil {
		return nil, "", err
	}
	if err := errors.Join(os.WriteFile(source, []byte(printer(path.Join(m.importPath, dir), runs)), 0o600), os.WriteFile(overlay, list, 0o600)); err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, "go", "run", "-mod=readonly", "-overlay", overlay, program) //nolint:gosec // the user's own package
	cmd.Dir = at
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local") //nolint:forbidigo // of the go command
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	switch err := cmd.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return nil, "", errors.New("cannot run the package: there is no go command")
	case err != nil:
		return nil, "", fmt.Errorf("cannot run the package in %s: %w\n%s", i.shownDir(dir), err, strings.TrimSpace(messages.String()))
	}
	objects, _ = manifest.Parse(out.Bytes(), "the output of the package")
	return objects, strings.TrimSpace(messages.String()), nil
}

// declaresRuns reports whether a package has a function Runs.
func declaresRuns(dir string) (bool, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return false, err
	}
	if len(names) == 0 {
		return false, errors.New("there is no Go")
	}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return false, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "Runs" {
				return true, nil
			}
		}
	}
	return false, nil
}

// printer returns a program that prints the objects of a package.
func printer(importPath string, runs bool) string {
	more := ""
	if runs {
		more = ", ci.Runs()"
	}
	return `package main

import (
	"fmt"
	"os"

	"github.com/tekwright/tekwright/pkg/manifest"

	ci "` + importPath + `"
)

func main() {
	out := manifest.NewEncoder(os.Stdout)
	for _, set := range []*manifest.Set{ci.Set()` + more + `} {
		objects, err := set.Objects()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		runs, _ := set.PaCObjects()
		for _, o := range append(objects, runs...) {
			if err := out.Encode(o.Object); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}
`
}
