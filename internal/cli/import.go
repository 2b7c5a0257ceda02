package cli

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/project"
)

// imports returns the command import.
func (a *app) imports() *cobra.Command {
	i := importing{app: a, scripts: choice{"auto", []string{"auto", "embed", "inline"}},
		format: choice{"text", []string{"text", "json", "sarif"}}, runs: choice{"apart", []string{"apart", "set"}}}
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Write a Go package that describes existing manifests",
		Long: `Import reads Tekton manifests and writes a Go package that describes the same objects:
a type for each Task and StepAction, a function for each Pipeline, run and trigger. The
paths are files, folders, and - for standard input. Import changes nothing in the
manifests, and it runs nothing of them. It writes only below the folder of -o.

What the library has no call for becomes, step by step, a field that is set by Mutate,
and then the YAML of the object, embedded. The report says where. The package contains a
test that compares the Go with a copy of the manifests. Values of Secrets are never
written.

Another import into the same folder replaces only files that nobody has changed since. The
file import.json remembers them, and the Go names.

The exit status is 0 if the package describes all objects. It is 1 if it does not, or if
fewer values than --min-typed are set by calls. It is 2 if a document could not be read; the
others are imported all the same.`,
		Example: `  tekwright import tekton/ -o ci
  helm template chart | tekwright import - -o ci
  tekwright import tekton/ -o ci --dry-run --report json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return i.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVarP(&i.dir, "output", "o", "ci", "folder of the package: a new one, or that of an earlier import")
	f.StringVar(&i.pkg, "package", "", "name of the package (default: made from the name of the folder)")
	i.scripts.flag(cmd, "scripts", "", "where scripts go: auto (those of more than 5 lines into files), embed (all into files) or inline (all into the Go)")
	i.runs.flag(cmd, "runs", "", "where runs with a generateName go: apart (into the function Runs) or set (into Set)")
	f.StringVar(&i.rename, "rename", "", "file with Go names of your choice")
	i.format.flag(cmd, "report", "", "format of the report: text, json or sarif")
	f.IntVar(&i.minTyped, "min-typed", 0, "minimum percentage of values that are set by calls")
	f.BoolVar(&i.dryRun, "dry-run", false, "write nothing but the report")
	return cmd
}

// importing is a run of the command import.
type importing struct {
	*app
	dir, pkg, rename      string
	scripts, format, runs choice
	minTyped              int
	dryRun                bool
}

func (i *importing) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	if i.dir == "" {
		return errors.New("the name of the folder is empty\n  help: pass -o with the folder of the package")
	}
	if !i.dryRun {
		if err := project.Recover(i.dir); err != nil {
			return fmt.Errorf("cannot complete the last import: %w", err)
		}
	}
	state, err := project.ReadState(i.dir)
	if err != nil {
		return fmt.Errorf("cannot import into %s: %w", i.dir, err)
	}
	m, err := i.module()
	if err != nil {
		return err
	}
	o := project.Options{
		Package: i.pkg, ImportPath: m.importPath, Manifests: m.manifests, Scripts: importer.Scripts(i.scripts.value),
		Names: state.Names, RunsInSet: i.runs.value == "set",
	}
	if o.Package == "" {
		o.Package = project.PackageName(filepath.Base(m.dir))
	}
	if m.file != "" {
		o.Check = project.Checker(ctx, m.dir)
	}
	sources, err := project.Read(ctx, args, project.ReadOptions{Stdin: i.In, Excluded: i.own(args)})
	if err != nil {
		return err
	}
	i.hide.Store(&sources.Loaded)
	p, err := project.Make(sources, o)
	if err != nil {
		return err
	}
	changes, err := p.Compare(i.dir, state)
	if err != nil {
		return fmt.Errorf("cannot import into %s: %w", i.dir, err)
	}
	if !i.dryRun {
		if err := changes.Apply(); err != nil {
			return fmt.Errorf("cannot write %s: %w", i.dir, err)
		}
	}
	return i.report(&imported{sources, p, changes, m})
}

// own returns a function that excludes the folder of the package, and the manifests that the
// package writes, unless they are paths of the command line.
func (i *importing) own(args []string) func(string) bool {
	dir := whole(i.dir)
	manifests := filepath.Join(filepath.Dir(dir), "manifests")
	if slices.ContainsFunc(args, func(a string) bool { return whole(a) == manifests }) {
		manifests = ""
	}
	return func(name string) bool {
		real := discovery.Real(name)
		if real == manifests {
			_, err := os.Stat(filepath.Join(real, discovery.List))
			return err == nil
		}
		return real == dir
	}
}

// module is the module that the package becomes a part of.
type module struct {
	dir        string // of the package, absolute
	file       string // its go.mod, "" if there is none
	importPath string // of the package
	manifests  string // the folder for the manifests, relative to the package
}

func (i *importing) module() (module, error) {
	dir := whole(i.dir)
	m := module{dir: dir, manifests: "../manifests"}
	root := above(dir, "go.mod")
	if root == "" {
		m.importPath = "example.com/" + modulePart(filepath.Base(dir))
		return m, nil
	}
	m.file = filepath.Join(root, "go.mod")
	text, err := os.ReadFile(m.file)
	if err != nil {
		return m, fmt.Errorf("cannot read the go.mod of the package: %w", err)
	}
	name := modfile.ModulePath(text)
	rel, err := filepath.Rel(root, dir)
	if err != nil || name == "" {
		return m, fmt.Errorf("%s has no module path", m.file)
	}
	if m.importPath = path.Join(name, filepath.ToSlash(rel)); rel == "." {
		m.manifests = "manifests"
	}
	return m, nil
}

// imported is the result of an import.
type imported struct {
	sources *project.Sources
	made    *project.Project
	changes *project.Changes
	module  module
}

// shownDir returns a file of the package as it is printed.
func (i *importing) shownDir(name string) string {
	return strings.TrimSuffix(filepath.ToSlash(filepath.Join(i.dir, filepath.FromSlash(name))), "/")
}
