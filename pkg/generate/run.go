package generate

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Env is the environment of [Run].
type Env struct {
	Name           string   // the name of the program, for the usage message
	Args           []string // the arguments, without the name
	Stdout, Stderr io.Writer
	Terminal       bool                  // Stderr is a terminal, which can show progress
	Values         manifest.SecretValues // access to the values of Secrets, for -secrets
}

// Exit codes of Run.
const (
	done    = 0
	refused = 1 // the set has errors, or the folder differs
	failed  = 2 // the flags are wrong, or the output cannot be written
)

// options are the flags.
type options struct {
	dir, pac, format, group, graph                         string
	check, kustomization, places, secrets, warnings, notes bool
	given                                                  map[string]bool // the flags that are set
}

// Run is like [Main], but uses the given environment and returns the exit status.
func Run(set *manifest.Set, p Env) int {
	if p.Stderr == nil {
		p.Stderr = io.Discard
	}
	o, code, ok := parse(p)
	if !ok {
		return code
	}
	if set == nil {
		_ = printable.Fprintf(p.Stderr, "the set is nil\n")
		return failed
	}
	if o.pac != "" && !set.HasPaC() {
		_ = printable.Fprintf(p.Stderr, "-pac has nothing to write: the set has no runs of Pipelines-as-Code; add them with PaC\n")
		return failed
	}
	set = set.Copy()
	set.Layout(o.layout(set.CurrentLayout()))
	if p.Terminal {
		line := &progress{w: p.Stderr}
		set.Progress(line.show)
		defer line.clear()
	}
	var advice diag.Findings
	set.Advice(func(found diag.Findings) { advice = found })
	code = report(p, act(set, o, p))
	if o.toFolder() || o.graph == "" && !o.secrets {
		o.advise(p, advice)
	}
	return code
}

// layout adds the flags to the layout of the set. A flag that is not given changes nothing.
func (o options) layout(l manifest.Layout) manifest.Layout {
	if o.given["kustomization"] {
		l.Kustomization = o.kustomization
	}
	if o.given["positions"] {
		l.Positions = o.places
	}
	if o.given["group"] {
		l.Group = nil
		if o.group == "kind" {
			l.Group = manifest.ByKind
		}
	}
	if o.given["graph"] {
		l.Diagrams = manifest.DiagramFormat(o.graph)
	}
	return l
}

// toFolder reports whether a folder is written or compared.
func (o options) toFolder() bool { return o.dir != "" || o.pac != "" }

// advise prints the warnings, and the notes if they are wanted.
func (o options) advise(p Env, advice diag.Findings) {
	for _, f := range advice {
		if f.Severity == diag.Warning && o.warnings || f.Severity == diag.Note && o.notes {
			_ = printable.Fprintf(p.Stderr, "%s\n", printable.Block(f.Error()))
		}
	}
}

// parse parses the flags; ok is false if there is nothing more to do.
func parse(p Env) (o options, code int, ok bool) {
	f := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	f.SetOutput(printable.NewWriter(p.Stderr))
	f.StringVar(&o.dir, "o", "", "write one file per object to the folder `DIR`")
	f.StringVar(&o.pac, "pac", "", "write the runs of Pipelines-as-Code to the folder `DIR`, usually .tekton")
	f.BoolVar(&o.check, "check", false, "with -o or -pac: write nothing, print how the folder differs, and exit with status 1 if it does")
	f.StringVar(&o.format, "format", "yaml", "output `FORMAT`: yaml or json")
	f.StringVar(&o.group, "group", "object", "with -o: write one file per `GROUP`: object or kind")
	f.BoolVar(&o.kustomization, "kustomization", false, "with -o: add a kustomization.yaml")
	f.BoolVar(&o.places, "positions", false, "add comments with the Go position of each object")
	f.StringVar(&o.graph, "graph", "", "print diagrams of the pipelines in `FORMAT` instead: mermaid or dot; with -o or -pac: write them to files beside the manifests")
	f.BoolVar(&o.secrets, "secrets", false, "print the declared Secrets with their values instead")
	f.BoolVar(&o.warnings, "warnings", true, "print warnings on standard error")
	f.BoolVar(&o.notes, "notes", false, "print notes on standard error as well")
	switch err := f.Parse(p.Args); {
	case errors.Is(err, flag.ErrHelp):
		return o, done, false
	case err != nil:
		return o, failed, false
	}
	empty := ""
	o.given = map[string]bool{}
	f.Visit(func(f *flag.Flag) {
		o.given[f.Name] = true
		if f.Value.String() == "" {
			empty = f.Name
		}
	})
	if empty != "" {
		_ = printable.Fprintf(p.Stderr, "-%s has no value; set it, or remove the flag\n", empty)
		return o, failed, false
	}
	if wrong := o.wrong(f.Args()); wrong != "" {
		_ = printable.Fprintf(p.Stderr, "%s\n", wrong)
		return o, failed, false
	}
	return o, done, true
}

// wrong returns the mistake in the flags, or "" if there is none.
func (o options) wrong(rest []string) string {
	switch {
	case len(rest) > 0:
		return fmt.Sprintf("unexpected argument %q; to write to a folder, use -o %s", rest[0], rest[0])
	case o.format != "yaml" && o.format != "json":
		return fmt.Sprintf("unknown -format %s; use yaml or json", o.format)
	case o.group != "object" && o.group != "kind":
		return fmt.Sprintf("unknown -group %s; use object or kind", o.group)
	case o.graph != "" && o.graph != "mermaid" && o.graph != "dot":
		return fmt.Sprintf("unknown -graph %s; use mermaid or dot", o.graph)
	case o.dir != "" && o.format == "json":
		return "-format json cannot be used with -o; remove one of them"
	case o.dir == "" && o.pac == "" && o.check:
		return "-check needs a folder to compare; add -o DIR or -pac DIR"
	case o.pac != "" && (o.secrets || o.format == "json"):
		return "-pac cannot be used with -secrets or -format json; remove one of them"
	case o.pac != "" && o.dir != "" && filepath.Clean(o.pac) == filepath.Clean(o.dir):
		return "-o and -pac are the same folder; use two"
	case o.dir == "" && (o.kustomization || o.group != "object"):
		return "-kustomization and -group need a folder; add -o DIR"
	case o.secrets && (o.graph != "" || o.dir != ""):
		return "-secrets cannot be used with -graph or -o; remove one of them"
	}
	return ""
}

// act runs the command that the flags select.
func act(set *manifest.Set, o options, p Env) error {
	switch {
	case o.secrets:
		return secrets(set, p)
	case o.graph != "" && !o.toFolder():
		return draw(set, o.graph, p.Stdout)
	case o.check:
		var of, pac error
		if o.pac != "" {
			pac = drift(set.CheckPaC(o.pac), p)
		}
		if o.dir != "" {
			of = drift(set.CheckDir(o.dir), p)
		}
		return either(pac, of)
	case o.dir != "" || o.pac != "":
		if o.pac != "" {
			if err := set.WritePaC(o.pac); err != nil || o.dir == "" {
				return err
			}
		}
		return set.WriteDir(o.dir)
	case o.format == "json":
		return set.WriteJSON(p.Stdout)
	}
	return set.Write(p.Stdout)
}

// drift prints how a folder differs, and returns the error without that.
func drift(err error, p Env) error {
	var drift *manifest.DriftError
	if errors.As(err, &drift) && drift.Diff != "" {
		if err := printable.Fprintf(p.Stdout, "%s", printable.Text(drift.Diff)); err != nil {
			return err
		}
		drift.Diff = ""
	}
	return err
}

// either returns both errors, each once: a set with errors has the same for both folders.
func either(a, b error) error {
	if a == nil || b == nil || a.Error() == b.Error() {
		return cmp.Or(a, b)
	}
	return errors.Join(a, b)
}

// secrets prints the declared Secrets, and reports those without sources.
func secrets(set *manifest.Set, p Env) error {
	if err := set.WriteSecrets(p.Stdout, p.Values); err != nil {
		return err
	}
	objects, err := set.Objects()
	if err != nil {
		return err
	}
	for _, o := range objects {
		if meta, ok := o.Object.(metav1.Object); ok && o.Declared != nil && o.Declared.Owner == "" && len(o.Declared.Values) == 0 {
			_ = printable.Fprintf(p.Stderr, "Secret %q is skipped: its values have no source; set one with FromEnv or FromFile\n", meta.GetName())
		}
	}
	return nil
}

// draw prints a diagram of each pipeline.
func draw(set *manifest.Set, format string, w io.Writer) error {
	diagrams, err := set.Diagrams()
	if err != nil {
		return err
	}
	for i, d := range diagrams {
		text := d.Mermaid()
		if format == "dot" {
			text = d.DOT()
		}
		if i > 0 {
			text = "\n" + text
		}
		if err := printable.Fprintf(w, "%s", printable.Text(text)); err != nil {
			return err
		}
	}
	return nil
}

// report prints an error and returns the exit status for it.
func report(p Env, err error) int {
	if err == nil {
		return done
	}
	if found, ok := errors.AsType[diag.Findings](err); ok && found.Error() == err.Error() { // each begins a line
		for _, f := range found {
			_ = printable.Fprintf(p.Stderr, "%s\n", printable.Block(f.Error()))
		}
	} else {
		_ = printable.Fprintf(p.Stderr, "%s\n", printable.Block(err.Error()))
	}
	var (
		path *fs.PathError
		link *os.LinkError
		code syscall.Errno
	)
	if errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &code) || errors.Is(err, manifest.ErrBusy) {
		return failed
	}
	return refused
}
