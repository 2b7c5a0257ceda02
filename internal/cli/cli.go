// Package cli is the command tekwright: a thin shell over the packages that
// read manifests and check them.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tekwright/tekwright/internal/suggest"
)

// What the command exits with.
const (
	clean  = 0 // nothing was found
	found  = 1 // findings of the severity that was asked for
	failed = 2 // something could not be read, or the command line makes no sense
)

// Streams are what a run of the command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Env finds an environment variable, "" if it is not set.
	Env func(name string) string
	// Terminal tells that Out is one.
	Terminal bool
	// Size is the width and the height of the terminal, in characters; nil if
	// nobody knows.
	Size func() (width, height int)
}

// Run runs the command with its arguments, and returns what to exit with.
func Run(ctx context.Context, args []string, streams Streams) int {
	a := &app{Streams: streams}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	// Shell completion adds a command of its own, which Find must know.
	root.InitDefaultHelpCmd()
	err := unknownCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	switch {
	case err == nil:
		return a.exit
	case errors.Is(err, syscall.EPIPE): // who reads has seen enough
		return failed
	}
	fmt.Fprintln(streams.Err, "tekwright: "+err.Error())
	return failed
}

// app is one run of the command.
type app struct {
	Streams
	exit int
}

// root is the command without a subcommand.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tekwright",
		Short: "Find what fails in a cluster before it gets there",
		Long: `Tekwright checks the YAML of Tekton: Tasks, Pipelines, runs, triggers, and the
accounts, rights, Secrets and claims that they need. It finds what a cluster
would refuse, what would fail while it runs, and what would silently go wrong.
No cluster is asked for that. It also brings manifests to a cluster, starts runs
there, and follows them.`,
		Example: `  tekwright check
  tekwright check tekton/ --complete
  tekwright rules param-missing
  tekwright apply tekton/ --set release --prune
  tekwright run tekton/release-1.yaml --logs`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(a.check(), a.rules(), a.apply(), a.run(), a.watch(), a.cancel(), a.version())
	return root
}

// unknownCommand says what to write instead of a command that there is not.
func unknownCommand(root *cobra.Command, args []string) error {
	cmd, rest, err := root.Find(args)
	if err == nil || cmd != root || len(rest) == 0 {
		return nil
	}
	// What cobra adds for the shell is not there yet.
	name := rest[0]
	if slices.Contains([]string{"completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, name) {
		return nil
	}
	help := "see tekwright --help"
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	if names := near(name, names); len(names) > 0 {
		help = "did you mean " + alternatives(names) + "?"
	} else if _, err := os.Stat(name); err == nil {
		help = "to check it, write: tekwright check " + name
	}
	return fmt.Errorf("there is no command %q\n  help: %s", name, help)
}

// flagError says what to write instead of a flag that there is not.
func flagError(cmd *cobra.Command, err error) error {
	help := "see " + cmd.CommandPath() + " --help"
	var unknown interface{ GetSpecifiedName() string }
	if errors.As(err, &unknown) && cmd.Flags().Lookup(unknown.GetSpecifiedName()) == nil {
		var flags []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
		if names := near(unknown.GetSpecifiedName(), flags); len(names) > 0 && len(unknown.GetSpecifiedName()) > 1 {
			help = "did you mean --" + strings.Join(names, " or --") + "?"
		}
	}
	return fmt.Errorf("%w\n  help: %s", err, help)
}

// near are the names that one was most likely meant to be: those that begin
// with it, or else the one that is most like it.
func near(name string, names []string) []string {
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

// alternatives joins names: a, b or c.
func alternatives(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
