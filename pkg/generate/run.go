package generate

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Process is what a run may use of its process.
type Process struct {
	Name           string   // of the program, for its usage
	Args           []string // without the name
	Stdout, Stderr io.Writer
	Terminal       bool            // Stderr is one, and may show progress
	Values         manifest.Values // of Secrets, for -secrets
}

// Exit codes of Run.
const (
	done    = 0
	refused = 1 // the set has errors, or the folder differs
	failed  = 2 // it was called wrongly, or nothing could be written
)

// options are the flags.
type options struct {
	dir, format, group, graph                       string
	check, kustomization, places, secrets, warnings bool
}

// Run is [Main] with a process of the caller's; it returns the exit code.
func Run(set *manifest.Set, p Process) int {
	o, code, ok := parse(p)
	if !ok {
		return code
	}
	if set == nil {
		fmt.Fprintln(p.Stderr, "there is no set to generate")
		return failed
	}
	layout := manifest.Layout{Kustomization: o.kustomization, Places: o.places}
	if o.group == "kind" {
		layout.Group = manifest.ByKind
	}
	set.Layout(layout)
	if p.Terminal {
		line := &progress{w: p.Stderr}
		set.Progress(line.show)
		defer line.clear()
	}
	if o.warnings {
		for _, f := range set.Findings() {
			if f.Severity != diag.Error {
				fmt.Fprintln(p.Stderr, f.Error())
			}
		}
	}
	err := act(set, o, p)
	if p.Terminal {
		set.Progress(nil)
	}
	return report(p, err)
}

// parse reads the flags; ok is false if there is nothing more to do.
func parse(p Process) (o options, code int, ok bool) {
	f := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	f.SetOutput(p.Stderr)
	f.StringVar(&o.dir, "o", "", "write a file per object into the folder `DIR`")
	f.BoolVar(&o.check, "check", false, "with -o: change nothing, print how the folder differs, and exit 1 if it does")
	f.StringVar(&o.format, "format", "yaml", "`FORMAT` of the stream: yaml or json")
	f.StringVar(&o.group, "group", "object", "with -o: a file per `GROUP`: object or kind")
	f.BoolVar(&o.kustomization, "kustomization", false, "with -o: add a kustomization.yaml")
	f.BoolVar(&o.places, "places", false, "comment each object with the Go place that asked for it")
	f.StringVar(&o.graph, "graph", "", "print pictures of the pipelines in `FORMAT` instead: mermaid or dot")
	f.BoolVar(&o.secrets, "secrets", false, "print the declared Secrets with their values instead")
	f.BoolVar(&o.warnings, "warnings", false, "print warnings and notes as well")
	switch err := f.Parse(p.Args); {
	case errors.Is(err, flag.ErrHelp):
		return o, done, false
	case err != nil:
		return o, failed, false
	}
	empty := ""
	f.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			empty = f.Name
		}
	})
	if empty != "" {
		fmt.Fprintf(p.Stderr, "-%s is empty; leave it out, or say what it is\n", empty)
		return o, failed, false
	}
	if wrong := o.wrong(f.Args()); wrong != "" {
		fmt.Fprintln(p.Stderr, wrong)
		return o, failed, false
	}
	return o, done, true
}

// wrong says what is wrong with the flags, "" if nothing is.
func (o options) wrong(rest []string) string {
	switch {
	case len(rest) > 0:
		return fmt.Sprintf("there is an argument %q; write into a folder with -o %s", rest[0], rest[0])
	case o.format != "yaml" && o.format != "json":
		return fmt.Sprintf("-format %s is not known; write yaml or json", o.format)
	case o.group != "object" && o.group != "kind":
		return fmt.Sprintf("-group %s is not known; write object or kind", o.group)
	case o.graph != "" && o.graph != "mermaid" && o.graph != "dot":
		return fmt.Sprintf("-graph %s is not known; write mermaid or dot", o.graph)
	case o.dir != "" && o.format == "json":
		return "-format json is one stream; leave -o out"
	case o.dir == "" && o.check:
		return "-check needs the folder to compare; add -o DIR"
	case o.dir == "" && (o.kustomization || o.group != "object"):
		return "-kustomization and -group are for a folder; add -o DIR"
	case o.graph != "" && o.secrets || o.dir != "" && (o.graph != "" || o.secrets):
		return "-graph, -secrets and -o exclude each other"
	}
	return ""
}

// act does what the flags ask for.
func act(set *manifest.Set, o options, p Process) error {
	switch {
	case o.secrets:
		return secrets(set, p)
	case o.graph != "":
		return draw(set, o.graph, p.Stdout)
	case o.check:
		err := set.CheckDir(o.dir)
		var drift *manifest.DriftError
		if errors.As(err, &drift) && drift.Diff != "" {
			if _, err := io.WriteString(p.Stdout, drift.Diff); err != nil {
				return err
			}
			drift.Diff = ""
		}
		return err
	case o.dir != "":
		return set.WriteDir(o.dir)
	case o.format == "json":
		return set.WriteJSON(p.Stdout)
	}
	return set.Write(p.Stdout)
}

// secrets prints the declared Secrets, and says which it cannot fill.
func secrets(set *manifest.Set, p Process) error {
	if err := set.WriteSecrets(p.Stdout, p.Values); err != nil {
		return err
	}
	objects, err := set.Objects()
	if err != nil {
		return err
	}
	for _, o := range objects {
		if meta, ok := o.Object.(metav1.Object); ok && o.Declared != nil && len(o.Declared.Values) == 0 {
			fmt.Fprintf(p.Stderr, "Secret %q is left out: nothing says where its values are (FromEnv, FromFile)\n", meta.GetName())
		}
	}
	return nil
}

// draw prints a picture of each pipeline.
func draw(set *manifest.Set, format string, w io.Writer) error {
	pictures, err := set.Diagrams()
	if err != nil {
		return err
	}
	for i, p := range pictures {
		text := p.Mermaid()
		if format == "dot" {
			text = p.DOT()
		}
		if i > 0 {
			text = "\n" + text
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// report prints an error and returns the exit code for it.
func report(p Process, err error) int {
	if err == nil {
		return done
	}
	fmt.Fprintln(p.Stderr, err)
	var (
		path *fs.PathError
		link *os.LinkError
		code syscall.Errno
	)
	if errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &code) {
		return failed
	}
	return refused
}
