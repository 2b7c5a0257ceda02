package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/scaffold"
)

// init returns the command init.
func (a *app) init() *cobra.Command {
	n := starting{app: a, ci: choice{scaffold.CIs[0], scaffold.CIs}}
	var templates strings.Builder
	for _, t := range scaffold.Templates() {
		n.template.allowed = append(n.template.allowed, t.Name)
		fmt.Fprintf(&templates, "  %-13s%s\n", t.Name, t.Summary)
	}
	n.template.value = n.template.allowed[0]
	cmd := &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Write a Go program with a pipeline, its manifests, a test and a CI file",
		Long: `Init writes a Go program into a directory (default: the current one), to start from:
main.go with a pipeline and a line for go generate, the manifests that it writes, a test
that they are up to date, and a file for the CI system. Outside of a Go module, it
writes a go.mod as well. It replaces no file, and it runs nothing.

The templates:

` + templates.String() + `
The folder .tekton and the CI file belong into the root of the git repository. If the
directory is in no repository, they are written there.`,
		Example: `  tekwright init ci
  tekwright init --template monorepo --module github.com/acme/shop/ci ci
  tekwright init --ci gitlab ci`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			n.dir = "."
			if len(args) > 0 {
				n.dir = args[0]
			}
			return n.run()
		},
	}
	n.template.flag(cmd, "template", "", "what the program describes")
	cmd.Flags().StringVar(&n.module, "module", "", "path of the new module (default: example.com/ and the name of the directory)")
	n.ci.flag(cmd, "ci", "", "the CI system: github, gitlab or none")
	return cmd
}

// starting is a run of the command init.
type starting struct {
	*app
	dir, module  string
	template, ci choice
}

func (n *starting) run() error {
	dir, err := filepath.Abs(n.dir)
	if err != nil {
		return fmt.Errorf("cannot find the directory: %w", err)
	}
	root := above(dir, ".git")
	if root == "" {
		root = dir
	}
	folder, err := filepath.Rel(root, dir)
	if err != nil {
		return fmt.Errorf("cannot find the directory: %w", err)
	}
	o := scaffold.Options{Template: n.template.value, Folder: filepath.ToSlash(folder), CI: n.ci.value}
	inside := above(dir, "go.mod")
	switch {
	case inside != "" && n.module != "":
		return fmt.Errorf("%s exists already\n  help: leave out --module; the program becomes a package of that module", n.shown(dir, filepath.Join(inside, "go.mod")))
	case inside == "":
		o.Module, o.Version = n.module, libraryVersion()
		if o.Module == "" {
			o.Module = "example.com/" + modulePart(filepath.Base(dir))
		}
	}
	files, err := scaffold.Files(o)
	if err != nil {
		return err
	}
	switch err := scaffold.Write(root, files); {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("nothing was written: %w\n  help: pass another directory, or --ci none if only the CI file exists", err)
	case err != nil:
		return fmt.Errorf("nothing was written: %w", err)
	}
	return n.report(dir, root, o, files)
}

// report prints what was written, and what to do next.
func (n *starting) report(dir, root string, o scaffold.Options, files []scaffold.File) error {
	var b strings.Builder
	counted := map[string]int{}
	for _, f := range files {
		if dir := path.Base(path.Dir(f.Name)); dir == "manifests" || dir == ".tekton" {
			counted[path.Dir(f.Name)]++
			if counted[path.Dir(f.Name)] > 1 {
				continue
			}
			f.Name = path.Dir(f.Name) + "/"
		}
		fmt.Fprintf(&b, "wrote %s\n", n.shown(dir, filepath.Join(root, filepath.FromSlash(f.Name))))
	}
	b.WriteString("\nnext:\n")
	if filepath.Clean(n.dir) != "." {
		fmt.Fprintf(&b, "  cd %s\n", filepath.ToSlash(n.dir))
	}
	if o.Version == "" {
		fmt.Fprintf(&b, "  go get %s@main\n", scaffold.Library)
	}
	b.WriteString("  go mod tidy\n  go test ./...      # passes: the manifests are up to date\n  go generate ./...  # after each change of main.go\n")
	return printable.Fprintf(n.Out, "%s", printable.Text(b.String()))
}

// shown returns a file as it is printed: as the user passed the directory.
func (n *starting) shown(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(filepath.Join(n.dir, rel))
}

// above returns the nearest directory, dir or one above it, that has a file or a directory of
// that name; "" if none has.
func above(dir, name string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// modulePart returns the name of a directory as a part of a module path.
func modulePart(name string) string {
	name = strings.Trim(notInModules.ReplaceAllString(strings.ToLower(name), "-"), "-.")
	if name == "" {
		return "pipelines"
	}
	return name
}

var notInModules = regexp.MustCompile(`[^a-z0-9._-]+`)

// libraryVersion returns the version of the library that the command is built from; "" if a
// module cannot require it.
func libraryVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Sum == "" { // it is built in a clone
		return ""
	}
	return info.Main.Version
}
