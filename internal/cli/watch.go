package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// kinds are the words for the kinds of runs, as kubectl takes them.
var kinds = map[string]string{
	"pipelinerun": cluster.KindPipelineRun, "pipelineruns": cluster.KindPipelineRun, "pr": cluster.KindPipelineRun, "prs": cluster.KindPipelineRun,
	"taskrun": cluster.KindTaskRun, "taskruns": cluster.KindTaskRun, "tr": cluster.KindTaskRun, "trs": cluster.KindTaskRun,
}

// watching is one call of tekwright watch.
type watching struct {
	connection
	following
}

// watch is the command that follows a run.
func (a *app) watch() *cobra.Command {
	c := &watching{connection: connection{app: a}, following: newFollowing(a)}
	cmd := &cobra.Command{
		Use:   "watch [KIND/]NAME",
		Short: "Follow a run to its end",
		Long: `Watch follows a run that somebody started, from its beginning to its end. KIND is
pipelinerun (or pr), the default, or taskrun (tr).

` + followHelp + `

Exit status: 0 if the run succeeded, 1 if it did not, 2 if it could not be
followed.`,
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

// cancelling is one call of tekwright cancel.
type cancelling struct {
	connection
	mode choice
}

// modes are what still runs when a run is cancelled, by the words for it.
var modes = map[string]cluster.CancelMode{
	"now": cluster.CancelNow, "finally": cluster.CancelRunFinally, "stop": cluster.CancelStop,
}

// cancel is the command that cancels a run.
func (a *app) cancel() *cobra.Command {
	c := &cancelling{connection: connection{app: a}, mode: choice{value: "now", allowed: []string{"now", "finally", "stop"}}}
	cmd := &cobra.Command{
		Use:   "cancel [KIND/]NAME",
		Short: "Cancel a run",
		Long: `Cancel asks Tekton to cancel a run, and does not wait until it has; watch does.
KIND is pipelinerun (or pr), the default, or taskrun (tr), which knows no mode
but now.

With --mode now, every task ends at once; with finally, the finally tasks run
then; with stop, tasks that run come to their end before that.`,
		Args: oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := c.named(args[0])
			if err != nil {
				return err
			}
			if err := run.Cancel(cmd.Context(), modes[c.mode.value]); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.Out, "asked Tekton to cancel %s %q in namespace %q; tekwright watch %s follows it\n",
				run.Kind(), run.Name(), run.Namespace(), addressed(run))
			return err
		},
	}
	cmd.Flags().SortFlags = false
	c.flags(cmd)
	c.mode.flag(cmd, "mode", "", "what still runs: "+alternatives(c.mode.allowed))
	return cmd
}

// addressed is a run as an argument of the command.
func addressed(run *cluster.Run) string {
	return strings.ToLower(run.Kind()) + "/" + run.Name() + " -n " + run.Namespace()
}

// oneRun is what the arguments of a command must be.
func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one run: %s", cmd.UseLine())
	}
	return nil
}

// named is the run of that name.
func (k *connection) named(arg string) (*cluster.Run, error) {
	kind, name, ok := strings.Cut(arg, "/")
	if !ok {
		kind, name = "pipelinerun", arg
	}
	// kubectl -o name writes the group behind the kind.
	word, _, _ := strings.Cut(strings.ToLower(kind), ".")
	known := kinds[word]
	if known == "" || name == "" {
		words := []string{"pipelinerun/NAME", "taskrun/NAME"}
		slices.Sort(words)
		return nil, fmt.Errorf("%q is no run: write NAME, %s", arg, alternatives(words))
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
