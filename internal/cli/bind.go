package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/dynamic"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/bind/fetch"
	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/printable"
)

// bind returns the command bind.
func (a *app) bind() *cobra.Command {
	b := binding{app: a, by: choice{"", []string{string(bind.Local), string(bind.Existing), string(bind.Resolver)}}}
	cmd := &cobra.Command{
		Use:   "bind [flags] SOURCE...",
		Short: "Write Go types for Tasks and StepActions that live elsewhere",
		Long: `Bind writes a Go file with a type for each Task and StepAction of the sources: a field
for each param and workspace, a handle for each result. A param that is misspelt or gone
does not compile, and one that is required and not set is an error of Build.

A SOURCE is one of:
  task.yaml, a folder                      files
  git+https://HOST/REPO@REVISION:PATH      a file or a folder of a git repository; also git+ssh://
  bundle://IMAGE#NAME                      a Tekton bundle; all of it without #NAME
  hub://[CATALOG/]NAME@VERSION             Artifact Hub, or a Tekton Hub with ?type=tekton
  cluster://NAMESPACE/NAME                 a cluster, as in kubectl
  https://HOST/PATH                        a file

The YAML of the sources is kept in a snapshot beside the Go file: commit both. Files are
always read. For the other sources the snapshot is read, so that go generate needs no
network; --update fetches them. With --check, nothing is written: the exit status is 1 if
the Go file or the snapshot is not up to date, and the difference is printed.

In a package of tekwright import, what is bound takes the place of the type that the import
has inferred. It gets into a run as the pipelines refer to it, unless --by or --like say
something else.`,
		Example: `  tekwright bind -o ci/bound.go tasks/
  tekwright bind -o ci/bound.go --update --pin bundle://quay.io/acme/task-build:0.1#build
  tekwright bind -o ci/bound.go --update --check bundle://quay.io/acme/task-build:0.1#build
  //go:generate go tool tekwright bind ../tasks`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.Sources = args
			return b.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&b.Output, "output", "o", "bound.go", "the Go `file`")
	flags.StringVar(&b.Package, "package", "", "`name` of its package (default: that of the other files there, or the folder's)")
	b.by.flag(cmd, "by", "", "how a Task gets into a run: local brings it along (default for files),\nexisting uses the one in the cluster, resolver lets Tekton fetch it from the\nSOURCE (default for all others)")
	flags.StringVar((*string)(&b.Like), "like", "", "let Tekton fetch it from this `source` instead; {name} and {path} are replaced by\nthe name of the Task and the path of its file")
	flags.BoolVar(&b.Pin, "pin", false, "let Tekton fetch the commit or the digest that was bound")
	flags.StringVar(&b.rename, "rename", "", "YAML `file` with names for types and fields")
	flags.StringSliceVar(&b.initialisms, "initialism", nil, "write this `word` in upper case; with - in front, do not")
	flags.StringSliceVar(&b.Only, "only", nil, "bind only the Tasks and StepActions with these `names`")
	flags.StringVar(&b.Snapshot, "snapshot", "", "`folder` of the snapshot (default: testdata/bound beside the Go file)")
	flags.BoolVar(&b.update, "update", false, "fetch the sources anew, and list what has changed")
	flags.BoolVar(&b.check, "check", false, "write nothing; with --update, also compare the snapshot with the sources")
	flags.StringVar(&b.kubeconfig, "kubeconfig", "", "kubeconfig `file` for cluster:// (default: as in kubectl)")
	flags.StringVar(&b.context, "context", "", "`context` of the kubeconfig")
	flags.DurationVar(&b.timeout, "timeout", 5*time.Minute, "how long fetching may take")
	return cmd
}

// binding is a run of the command bind.
type binding struct {
	*app
	bind.Options
	by                  choice
	rename              string
	initialisms         []string
	update, check       bool
	kubeconfig, context string
	timeout             time.Duration
}

func (b *binding) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(interruptible(ctx), b.timeout)
	defer cancel()
	b.By = bind.By(b.by.value)
	if b.Like != "" && b.By != "" && b.By != bind.Resolver {
		return fmt.Errorf("--like cannot be used with --by %s\n  help: leave out one of them", b.By)
	}
	if b.Package == "" {
		b.Package = b.Env("GOPACKAGE")
	}
	var err error
	if b.Renames, err = b.renames(); err != nil {
		return fmt.Errorf("cannot read the names in %s: %w", b.rename, err)
	}
	b.Spelling = importer.Spelling{}
	for _, w := range b.initialisms {
		word, not := strings.CutPrefix(w, "-")
		b.Spelling[strings.ToLower(word)] = !not
	}
	if b.update {
		b.fetcher()
	}
	r, err := bind.Plan(ctx, b.Options)
	if err != nil {
		return err
	}
	for _, n := range r.Notes {
		if err := b.complain("note: " + n); err != nil {
			return err
		}
	}
	if b.check {
		return b.compare(r)
	}
	if err := b.compile(ctx, r); err != nil {
		return err
	}
	written, err := r.Write()
	if err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	for _, c := range r.Changes {
		if err := printable.Fprintf(b.Out, "%s\n", c); err != nil {
			return err
		}
	}
	for _, t := range r.Taken {
		if len(written) > 0 {
			if err := printable.Fprintf(b.Out, "%s takes the place of the type that the import had inferred\n", t); err != nil {
				return err
			}
		}
	}
	return b.report(r, written)
}

// report prints what was written.
func (b *binding) report(r *bind.Result, written []string) error {
	what := "types"
	if r.Types == 1 {
		what = "type"
	}
	output := filepath.ToSlash(b.Output)
	if len(written) == 0 {
		return printable.Fprintf(b.Out, "%s is up to date: %d %s\n", output, r.Types, what)
	}
	return printable.Fprintf(b.Out, "wrote %s: %d %s\n", output, r.Types, what)
}

// renames reads the file of --rename.
func (b *binding) renames() (bind.Renames, error) {
	if b.rename == "" {
		return bind.Renames{}, nil
	}
	f, err := os.Open(b.rename)
	if err != nil {
		return bind.Renames{}, errors.Unwrap(err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	text, err := bounded.ReadAll(f, bind.MaxBytes)
	if err != nil {
		return bind.Renames{}, err
	}
	return bind.ParseRenames(text)
}

// compile type-checks the Go before it is written.
func (b *binding) compile(ctx context.Context, r *bind.Result) error {
	k := slices.IndexFunc(r.Files, func(f bind.Output) bool { return f.Name == b.Output })
	file := r.Files[k]
	if old, err := os.ReadFile(file.Name); err == nil && bytes.Equal(old, file.Text) {
		return nil
	}
	c := compile.New(filepath.Dir(file.Name))
	err := c.Check(ctx, map[string][]byte{filepath.Base(file.Name): file.Text})
	switch {
	case errors.Is(err, compile.ErrUnavailable):
		return b.complain("warning: " + err.Error())
	case err != nil:
		return fmt.Errorf("nothing was written, as the Go does not compile: %w\n  help: this is a mistake of tekwright; leave out the Task with --only", err)
	}
	return b.together(ctx, c, r)
}

// compare prints the differences between the files and what would be written.
func (b *binding) compare(r *bind.Result) error {
	for _, c := range r.Changes {
		if err := printable.Fprintf(b.Out, "%s\n", c); err != nil {
			return err
		}
	}
	stale := false
	for _, f := range r.Files {
		old, err := os.ReadFile(f.Name)
		if err == nil && bytes.Equal(bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")), f.Text) {
			continue
		}
		stale = true
		name := filepath.ToSlash(f.Name)
		if err := printable.Fprintf(b.Out, "%s", printable.Diff(diff.Unified(name, name+" (new)", string(old), string(f.Text)))); err != nil {
			return err
		}
	}
	for _, name := range r.Stale {
		stale = true
		if err := printable.Fprintf(b.Out, "%s is not used any more\n", filepath.ToSlash(name)); err != nil {
			return err
		}
	}
	if !stale {
		return b.report(r, nil)
	}
	b.exit = found
	return b.complain(fmt.Sprintf("%s is not up to date\n  help: run the same command without --check", filepath.ToSlash(b.Output)))
}

// fetcher lets the sources be fetched.
func (b *binding) fetcher() {
	f := &fetch.Fetcher{Env: b.Env, Cluster: func() (dynamic.Interface, error) {
		k := connection{app: b.app, kubeconfig: b.kubeconfig, context: b.context}
		config, err := k.config()
		if err != nil {
			return nil, err
		}
		return dynamic.NewForConfig(config)
	}}
	b.Fetch, b.Resolve = f.Fetch, f.Resolve
}
