// Package cli implements the command tekwright on top of the packages that read
// and check manifests and that work with clusters.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Exit statuses.
const (
	clean  = 0 // no findings
	found  = 1 // findings of at least the given severity
	failed = 2 // some input could not be read, or the command line is invalid
)

// Streams are the input, output and environment of the command.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Env returns the value of an environment variable, "" if it is not set.
	Env func(name string) string
	// Terminal reports whether Out is a terminal, and ErrTerminal whether Err is one.
	Terminal, ErrTerminal bool
	// Clock is the time. If it is nil, the command shows neither progress nor how long it
	// took.
	Clock Clock
	// Simulate is what the command simulate calls. If it is nil, the command runs another
	// program.
	Simulate Simulator
	// SimulateEvent is what the command simulate event calls, likewise.
	SimulateEvent EventSimulator
	// Size returns the width and the height of the terminal in characters. It is
	// nil if they are not known.
	Size func() (width, height int)
}

// Run runs the command with the arguments and returns the exit status.
func Run(ctx context.Context, args []string, streams Streams) int {
	a := &app{Streams: streams}
	a.Err = printable.Hiding(streams.Err, a.hidden)
	root := a.root()
	root.SetArgs(completed(args))
	root.SetIn(streams.In)
	root.SetOut(printable.NewWriter(streams.Out))
	root.SetErr(printable.NewWriter(a.Err))
	// Find must know the help command, which cobra would add later.
	root.InitDefaultHelpCmd()
	err := unknownCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	switch {
	case err == nil:
		return a.exit
	case errors.Is(err, syscall.EPIPE): // the reader has closed the pipe
		return failed
	}
	_ = a.complain(err.Error())
	return failed
}

// completed returns the arguments, those of a request for shell completion without what
// controls a terminal: cobra writes errors about them to the standard error of the process.
// Nothing with such a character can be completed.
func completed(args []string) []string {
	if len(args) == 0 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd {
		return args
	}
	args = slices.Clone(args)
	for i := range args {
		args[i] = printable.Line(args[i])
	}
	return args
}

// app is one invocation of the command.
type app struct {
	Streams
	exit int
	hide atomic.Pointer[manifest.LoadResult] // the manifests, nil before they are read
}

// hidden returns a text of an error or a warning without the values of Secrets in the
// manifests, which may also be in a configuration or in an answer of the cluster.
func (a *app) hidden(text string) string {
	if set := a.hide.Load(); set != nil { // another goroutine shows the progress
		return set.Hide(text)
	}
	return text
}

// complain writes an error or a warning.
func (a *app) complain(text string) error {
	return printable.Fprintf(a.Err, "tekwright: %s\n", printable.Block(text))
}

// root returns the root command.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tekwright",
		Short: "Check Tekton manifests, apply them, and run them",
		Long: `Tekwright checks Tekton manifests: Tasks, Pipelines, runs, triggers, and the
ServiceAccounts, RBAC objects, Secrets and PersistentVolumeClaims they need. It
finds what a cluster would reject, what would fail at run time, and what would
silently do something other than intended. Checking needs no cluster. Tekwright
can also apply manifests to a cluster, start runs, and follow them.`,
		Example: `  tekwright check
  tekwright check tekton/ --complete
  tekwright rules param-missing
  tekwright apply tekton/ --set release --prune
  tekwright run tekton/release-1.yaml --logs`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(a.check(), a.init(), a.imports(), a.rules(), a.config(), a.apply(), a.run(), a.watch(), a.cancel(), a.pac(), a.bind(), a.simulate(), a.test(), a.version())
	return root
}

// unknownCommand returns an error with a suggestion if there is no such command.
func unknownCommand(root *cobra.Command, args []string) error {
	cmd, rest, err := root.Find(args)
	if err == nil || cmd != root || len(rest) == 0 {
		return nil
	}
	// Commands that cobra adds for shell completion do not exist yet.
	name := rest[0]
	if slices.Contains([]string{"completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, name) {
		return nil
	}
	help := "see tekwright --help"
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	if names := similar(name, names); len(names) > 0 {
		help = "did you mean " + alternatives(names) + "?"
	} else if _, err := os.Stat(name); err == nil {
		help = "to check it, run: tekwright check " + name
	}
	return fmt.Errorf("unknown command %q\n  help: %s", name, help)
}

// flagError adds a suggestion to an error about a flag.
func flagError(cmd *cobra.Command, err error) error {
	help := "see " + cmd.CommandPath() + " --help"
	var unknown interface{ GetSpecifiedName() string }
	if errors.As(err, &unknown) && cmd.Flags().Lookup(unknown.GetSpecifiedName()) == nil {
		var flags []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
		if names := similar(unknown.GetSpecifiedName(), flags); len(names) > 0 && len(unknown.GetSpecifiedName()) > 1 {
			help = "did you mean --" + strings.Join(names, " or --") + "?"
		}
	}
	return fmt.Errorf("%w\n  help: %s", err, help)
}

// similar returns the names that were most likely meant: those that begin with
// name, or else the most similar one.
func similar(name string, names []string) []string {
	var found []string
	for _, n := range names {
		if strings.HasPrefix(n, name) {
			found = append(found, n)
		}
	}
	if n := suggest.Name(name, names); len(found) == 0 && n != "" {
		found = []string{n}
	}
	return found
}

// alternatives joins names as in "a, b or c".
func alternatives(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
