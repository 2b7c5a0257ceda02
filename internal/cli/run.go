package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/cluster"
)

// running is one invocation of tekwright run.
type running struct {
	inputs
	following
	start  cluster.StartOptions
	params []string
	apply  bool
	set    string
	detach bool
}

// run returns the command run.
func (a *app) run() *cobra.Command {
	c := &running{inputs: inputs{connection: connection{app: a}}, following: newFollowing(a)}
	cmd := &cobra.Command{
		Use:   "run {PATH | -}...",
		Short: "Start a run and follow it",
		Long: `Run reads and checks manifests like tekwright check, starts the PipelineRun or
TaskRun among them, and follows it until it ends. On a terminal it shows a tree
of the tasks, otherwise a line for each event. The objects that the run needs
must exist in the cluster; with --apply, the other manifests are applied first.

` + followHelp + `

If the command is interrupted, the run continues.

Exit status:
  0  the run succeeded
  1  the run failed or was cancelled
  2  the run could not be started or followed`,
		Example: `  tekwright run manifests/ --apply --logs
  tekwright run run.yaml --again -p revision=v1.2.3 -p 'platforms:=["linux/amd64"]'
  go run ./ci | tekwright run - --name release-`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.begin(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.inputs.flags(cmd)
	flags.BoolVar(&c.apply, "apply", false, "apply the other manifests before starting the run")
	flags.StringVar(&c.set, "set", "", "`name` of the set that the manifests belong to; requires --apply")
	flags.StringVar(&c.start.Name, "name", "", "`name` or generateName of the run to start, if there is more than one")
	flags.BoolVar(&c.start.Again, "again", false, "start the run under a new generated name")
	flags.StringArrayVarP(&c.params, "param", "p", nil, "set a param: `NAME=VALUE`, or NAME:=JSON for an array or object; can be repeated")
	flags.BoolVarP(&c.detach, "detach", "d", false, "print the name of the run and do not follow it")
	c.following.flags(cmd)
	return cmd
}

// begin starts the run and follows it.
func (c *running) begin(ctx context.Context, args []string) error {
	if c.set != "" && !c.apply {
		return errors.New("--set requires --apply")
	}
	var err error
	if c.start.Params, err = params(c.params); err != nil {
		return err
	}
	set, err := c.read(ctx, args)
	if err != nil {
		return err
	}
	client, err := c.connect()
	if err != nil {
		return err
	}
	if c.apply {
		c.start.Apply = &cluster.ApplyOptions{Set: c.set}
	}
	ctx = interruptible(ctx)
	run, err := client.Start(ctx, set, c.start)
	if err != nil {
		return err
	}
	if c.detach {
		return printable.Fprintf(c.inputs.Out, "%s\n", run.Name())
	}
	return c.follow(ctx, run)
}

// params parses the params of a command line.
func params(args []string) ([]v1.Param, error) {
	var all []v1.Param
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" || name == ":" {
			return nil, fmt.Errorf("param %q is not of the form NAME=VALUE", arg)
		}
		p := v1.Param{Name: name, Value: *v1.NewStructuredValues(value)}
		if name, structured := strings.CutSuffix(name, ":"); structured {
			p = v1.Param{Name: name}
			if err := structure(value, &p.Value); err != nil {
				return nil, fmt.Errorf("param %q is neither a JSON array of strings nor a JSON object of strings\n  help: write %s=VALUE for a text", arg, name)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// structure parses an array or an object. Tekton's own parser would accept
// anything else as a string.
func structure(text string, value *v1.ParamValue) error {
	var array []string
	var object map[string]string
	if err := json.Unmarshal([]byte(text), &array); err == nil && array != nil {
		*value = v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: array}
		return nil
	}
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return err
	}
	if object == nil {
		return errors.New("the value is null")
	}
	*value = v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: object}
	return nil
}
