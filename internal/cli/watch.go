package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/cluster"
)

// kinds maps the names that kubectl accepts to the kinds of runs.
var kinds = map[string]string{
	"pipelinerun": cluster.KindPipelineRun, "pipelineruns": cluster.KindPipelineRun, "pr": cluster.KindPipelineRun, "prs": cluster.KindPipelineRun,
	"taskrun": cluster.KindTaskRun, "taskruns": cluster.KindTaskRun, "tr": cluster.KindTaskRun, "trs": cluster.KindTaskRun,
}

// watching is one invocation of tekwright watch.
type watching struct {
	connection
	following
}

// watch returns the command watch.
func (a *app) watch() *cobra.Command {
	c := &watching{connection: connection{app: a}, following: newFollowing(a)}
	cmd := &cobra.Command{
		Use:   "watch [KIND/]NAME",
		Short: "Follow a run until it ends",
		Long: `Watch follows an existing run until it ends, and reports its events from the
beginning. KIND is pipelinerun (or pr), which is the default, or taskrun (or tr).

` + followHelp + `

Exit status:
  0  the run succeeded
  1  the run failed or was cancelled
  2  the run could not be followed`,
		Example: `  tekwright watch release-x7k2p -n ci --logs
  tekwright watch taskrun/greet-1 -o json`,
		Args: oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := c.named(args[0])
			if err != nil {
				return err
			}
			return c.follow(interruptible(cmd.Context()), run)
		},
	}
	cmd.Flags().SortFlags = false
	c.connection.flags(cmd)
	c.following.flags(cmd)
	return cmd
}

// cancelling is one invocation of tekwright cancel.
type cancelling struct {
	connection
	mode choice
}

// modes maps the values of --mode.
var modes = map[string]cluster.CancelMode{
	"now": cluster.CancelNow, "finally": cluster.CancelRunFinally, "stop": cluster.CancelStop,
}

// cancel returns the command cancel.
func (a *app) cancel() *cobra.Command {
	c := &cancelling{connection: connection{app: a}, mode: choice{value: "now", allowed: []string{"now", "finally", "stop"}}}
	cmd := &cobra.Command{
		Use:   "cancel [KIND/]NAME",
		Short: "Cancel a run",
		Long: `Cancel asks Tekton to cancel a run. It does not wait until the run has ended; use
tekwright watch for that. KIND is pipelinerun (or pr), which is the default, or
taskrun (or tr), which supports only the mode now.

The mode is one of:
  now      end all tasks immediately, and do not run the finally tasks
  finally  end all tasks immediately, and then run the finally tasks
  stop     let running tasks complete, and then run the finally tasks`,
		Args: oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := c.named(args[0])
			if err != nil {
				return err
			}
			if err := run.Cancel(cmd.Context(), modes[c.mode.value]); err != nil {
				return err
			}
			return printable.Fprintf(c.Out, "asked Tekton to cancel %s %q in namespace %q; to follow it, run: tekwright watch %s\n",
				run.Kind(), run.Name(), run.Namespace(), addressed(run))
		},
	}
	cmd.Flags().SortFlags = false
	c.flags(cmd)
	c.mode.flag(cmd, "mode", "", "cancellation mode: "+alternatives(c.mode.allowed))
	return cmd
}

// addressed returns the arguments that identify a run.
func addressed(run *cluster.Run) string {
	return strings.ToLower(run.Kind()) + "/" + run.Name() + " -n " + run.Namespace()
}

// oneRun checks that there is one argument.
func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("requires the name of one run: %s", cmd.UseLine())
	}
	return nil
}

// named returns the run with that name.
func (k *connection) named(arg string) (*cluster.Run, error) {
	kind, name, ok := strings.Cut(arg, "/")
	if !ok {
		kind, name = "pipelinerun", arg
	}
	// kubectl -o name prints the group after the kind.
	word, _, _ := strings.Cut(strings.ToLower(kind), ".")
	known := kinds[word]
	if known == "" || name == "" {
		words := []string{"pipelinerun/NAME", "taskrun/NAME"}
		slices.Sort(words)
		return nil, fmt.Errorf("%q is not the name of a run: use NAME, %s", arg, alternatives(words))
	}
	client, err := k.connect()
	if err != nil {
		return nil, err
	}
	if known == cluster.KindTaskRun {
		return client.TaskRun(k.namespace, name), nil
	}
	return client.PipelineRun(k.namespace, name), nil
}
