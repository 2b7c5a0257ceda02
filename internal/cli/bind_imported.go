package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/importer/compile"
)

// together reports what the rest of a package of an import uses in another way than what is
// bound declares. The files are those of the user, so they stay as they are.
func (b *binding) together(ctx context.Context, c *compile.Checker, r *bind.Result) error {
	if len(r.Taken) == 0 {
		return nil
	}
	dir := filepath.Dir(b.Output)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	texts := map[string][]byte{}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && e.Type().IsRegular() {
			if texts[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	for _, f := range r.Files {
		if filepath.Dir(f.Name) == dir && strings.HasSuffix(f.Name, ".go") {
			texts[filepath.Base(f.Name)] = f.Text
		}
	}
	for _, name := range r.Stale {
		if filepath.Dir(name) == dir {
			delete(texts, filepath.Base(name))
		}
	}
	mistakes, err := c.Package(ctx, "checked", texts)
	if err != nil {
		return b.complain("warning: " + err.Error())
	}
	for _, name := range slices.Sorted(maps.Keys(mistakes)) {
		if err := b.complain(fmt.Sprintf("warning: %s:%v", filepath.ToSlash(filepath.Join(dir, name)), mistakes[name])); err != nil {
			return err
		}
	}
	if len(mistakes) > 0 {
		return b.complain("  help: change the Go to what the Task declares, or import again: that adapts the files that nobody has edited")
	}
	return nil
}
