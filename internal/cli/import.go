package cli

import (
	"context"
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
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/scaffold"
)

// imports returns the command import.
func (a *app) imports() *cobra.Command {
	i := importing{app: a, scripts: choice{"auto", []string{"auto", "embed", "inline"}},
		format: choice{"text", []string{"text", "json", "sarif"}}, runs: choice{"apart", []string{"apart", "set"}}, tasks: choice{"typed", []string{"typed", "yaml"}}}
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

With --harden, inputs that are pasted into a script in double quotes go through its environment.
The report lists these scripts, and the copy in testdata/import has them as well. A script stays as
it is if a variable would not help, as with eval or sh -c, and if the shell splits an input into
words. Pass --harden to later imports, and to --check, too.

Another import into the same folder replaces only files that nobody has changed since. The
file import.json remembers them, and the Go names. As long as the YAML and the Go are both
in use, --check compares them. It compiles and runs the package.

The path of --rename is a YAML file. Its keys are those of "names" in import.json:

  Task git-clone: Clone
  Task git-clone param url: Repository

Kustomizations are rendered, and the package describes the objects that result. A Task,
StepAction or Pipeline that overlays of other folders rename remains as well. The report lists
other objects that they use as a base. Helm charts are not rendered: the report has the command for each.

Objects of the same kind and name that differ cannot be in one package. A folder with such
objects becomes several packages, one for each of its subfolders that has them.

With --report json, the report is an object with the fields package, values, typed, objects,
reasons, scripts, hardened, mistakes, rejected, secretsWithoutValues, valuesReplaced, upgraded, dropped, unread,
kustomizations, bases, charts, declared, unchecked, notFetched, unused and files. An object has a step: 0 for
calls, 1 for calls with structs of Kubernetes, 2 for texts with variables of Tekton, 3 for
fields that are set by Mutate, 4 for the YAML of a Task with typed inputs and results, 5 for
YAML, and 6 if the package does not have it.

The exit status is 0 if the package describes all objects. It is 1 if it does not, if the API server
rejects a value, if Set cannot accept an error, or if fewer values than --min-typed are set by
calls. It is 2 if a document could not be read; the others are imported all the same. It is 2 as
well if there is no object, and nothing is written then.`,
		Example: `  tekwright import tekton/ -o ci
  helm template chart | tekwright import - -o ci
  tekwright import tekton/ -o ci --dry-run --report json
  tekwright import tekton/ -o ci --dry-run --diff
  tekwright import tekton/ -o ci --elsewhere fetch
  tekwright import tekton/ -o ci --check`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return i.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVarP(&i.dir, "output", "o", "ci", "folder of the package: a new one, or that of an earlier import")
	f.StringVar(&i.pkg, "package", "", "name of the package (default: made from the name of the folder)")
	i.scripts.flag(cmd, "scripts", "", "scripts in files: auto (of more than 5 lines), embed (all), inline (none)")
	i.tasks.flag(cmd, "tasks", "", "Tasks as Go (typed), or their YAML with typed inputs and results (yaml)")
	f.BoolVar(&i.exact, "exact", false, "describe objects as they are written: also the order of lists, and defaults")
	f.BoolVar(&i.harden, "harden", false, "pass inputs that are pasted into scripts in double quotes through the environment")
	f.StringVar(&i.elsewhere, "elsewhere", "infer", "inputs of Tasks that are not here: infer (from their use), fetch (from where Tekton would\nfetch them), or a folder with their YAML")
	i.runs.flag(cmd, "runs", "", "where runs with a generateName are: apart (in Runs) or in the set")
	f.StringArrayVar(&i.index, "index", nil, "where to look for Tasks that are not imported (default: the git repository)")
	f.StringSliceVar(&i.initialisms, "initialism", nil, "words in upper case in Go names, besides the usual ones; -WORD is not one. Later imports\nremember them, and names that are known stay")
	f.StringVar(&i.rename, "rename", "", "YAML file with Go names of your choice, such as \"Task git-clone: Clone\"")
	i.format.flag(cmd, "report", "", "format of the report: text, json or sarif")
	f.IntVar(&i.minTyped, "min-typed", 0, "minimum percentage of values that are set by calls")
	f.BoolVar(&i.check, "check", false, "write nothing; run the package, and compare it with the manifests")
	f.BoolVar(&i.dryRun, "dry-run", false, "write nothing but the report")
	f.BoolVar(&i.diff, "diff", false, "with --dry-run: show what would change in the folder of the package")
	return cmd
}

// importing is a run of the command import.
type importing struct {
	*app
	dir, pkg, rename      string
	elsewhere             string
	scripts, format, runs choice
	tasks                 choice
	exact, harden         bool
	index, initialisms    []string
	minTyped              int
	dryRun, check, diff   bool
}

func (i *importing) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	if i.dir == "" {
		return errors.New("the name of the folder is empty\n  help: pass -o with the folder of the package")
	}
	if err := inRepository(i.dir); err != nil {
		return fmt.Errorf("cannot import into %s: %w", i.dir, err)
	}
	if i.diff && (!i.dryRun || i.format.value != "text") {
		return errors.New("--diff is for --dry-run, and for a report as text\n  help: pass --dry-run --diff, without --report")
	}
	if !i.dryRun && !i.check {
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
		Names: state.Names, Initialisms: i.initialisms, RunsInSet: i.runs.value == "set", Exact: i.exact, TasksAsYAML: i.tasks.value == "yaml",
	}
	if len(o.Initialisms) == 0 {
		o.Initialisms = state.Initialisms
	}
	if o.Package == "" {
		o.Package = project.PackageName(filepath.Base(m.dir))
	}
	if m.file != "" {
		o.Check = i.checked(ctx, m.dir)
	}
	if o.Renamed, err = i.chosen(); err != nil {
		return err
	}
	if o.Bound, err = project.ReadBound(i.dir, &state); err != nil {
		return fmt.Errorf("cannot import into %s: %w", i.dir, err)
	}
	own := i.own(args)
	sources, err := project.Read(ctx, args, project.ReadOptions{Stdin: i.In, Excluded: own, Harden: i.harden})
	if err != nil {
		return err
	}
	i.hide.Store(&sources.Secret)
	if i.check {
		return i.compare(ctx, sources, m)
	}
	if o.Known, err = i.known(ctx, args, sources, own); err != nil {
		return err
	}
	notes, err := i.fromElsewhere(ctx, sources, &o)
	if err != nil {
		return err
	}
	p, err := project.Make(sources, o)
	if err != nil {
		return err
	}
	if err := i.renamed(o.Renamed, p); err != nil {
		return err
	}
	changes, err := p.Compare(i.dir, state)
	if err != nil {
		return fmt.Errorf("cannot import into %s: %w", i.dir, err)
	}
	if !i.dryRun && len(p.Objects) > 0 {
		if err := changes.Apply(); err != nil {
			return fmt.Errorf("cannot write %s: %w", i.dir, err)
		}
	}
	scripts, err := sources.Scripts(ctx)
	if err != nil {
		return err
	}
	mistakes, err := sources.Mistakes(ctx)
	if err != nil {
		return err
	}
	if m.file == "" {
		p.Unchecked = "there is no Go module around it"
	}
	summary := project.Summarize(i.dir, sources, p, changes, scripts, mistakes)
	summary.NotFetched = notes
	if err := i.report(&imported{sources, summary, m}); err != nil || len(p.Objects) > 0 || len(sources.Unread) > 0 {
		return err
	}
	return nothing(args, sources)
}

// nothing returns why the paths have no objects to import.
func nothing(args []string, s *project.Sources) error {
	names := slices.Clone(args)
	for k, n := range names {
		if n == stdin {
			names[k] = "standard input"
		}
	}
	found := "no manifests found in " + strings.Join(names, ", ")
	switch files := s.Loaded.Kustomizations; {
	case len(s.Rendered.Rendered) > 0:
		return errors.New(found + ": the kustomizations render no objects\n  help: pass other files, directories, or - for standard input")
	case len(files) > 0:
		dir := word(path.Dir(filepath.ToSlash(files[0])))
		return fmt.Errorf("%s: the resources of %s are not below these paths\n  help: pass a directory that contains them as well, or: kustomize build %s | tekwright import -", found, some(files), dir)
	}
	return errors.New(found + "\n  help: pass other files, directories, or - for standard input")
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

// inRepository returns an error if a folder of the repository, or of the current folder if
// there is none, is a link to elsewhere, or below one. The repository may be a stranger's, who
// must not choose where files are written.
func inRepository(dir string) error {
	here, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	top := above(here, ".git")
	if top == "" {
		top = here
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if rel, err := filepath.Rel(top, dir); err != nil || !filepath.IsLocal(rel) {
		return nil //nolint:nilerr // it is named as elsewhere
	}
	if rel, err := filepath.Rel(discovery.Real(top), whole(dir)); err != nil || !filepath.IsLocal(rel) {
		return errors.New("a symbolic link leads from it out of the repository\n  help: remove the link, or pass -o with the folder that is meant")
	}
	return nil
}

// checked returns the type check of the files of packages.
func (i *importing) checked(ctx context.Context, dir string) func(string, map[string][]byte) (map[string]error, error) {
	c := compile.New(dir).Expect(project.Imports()...)
	return func(path string, files map[string][]byte) (map[string]error, error) {
		mistakes, err := c.Package(ctx, path, files)
		if errors.Is(err, compile.ErrUnavailable) {
			err = errors.New(strings.TrimPrefix(err.Error(), compile.ErrUnavailable.Error()+": "))
		}
		return mistakes, err
	}
}

// imported is the result of an import.
type imported struct {
	sources *project.Sources
	summary project.Summary
	module  module
}

// shownDir returns a file of the package as it is printed.
func (i *importing) shownDir(name string) string {
	return strings.TrimSuffix(filepath.ToSlash(filepath.Join(i.dir, filepath.FromSlash(name))), "/")
}

// libraryAt returns the library with the version of the command.
func libraryAt() string {
	if v := libraryVersion(); v != "" {
		return scaffold.Library + "@" + v
	}
	return scaffold.Library + "@main"
}
