package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// running is one call of tekwright run.
type running struct {
	inputs
	following
	start  cluster.StartOptions
	params []string
	apply  bool
	set    string
	detach bool
}

// run is the command that starts a run.
func (a *app) run() *cobra.Command {
	c := &running{inputs: inputs{connection: connection{app: a}}, following: newFollowing(a)}
	cmd := &cobra.Command{
		Use:   "run {PATH | -}...",
		Short: "Start the run that is in manifests, and follow it",
		Long: `Run reads manifests as check does, starts the PipelineRun or TaskRun that is
among them, and follows it to its end: a tree of its tasks on a terminal, a line
for each event elsewhere. What the run needs must be in the cluster; with
--apply, the other manifests are applied first.

` + followHelp + `

Interrupted, the command ends and the run goes on.

Exit status: 0 if the run succeeded, 1 if it did not, 2 if it could not be
started or followed.`,
		Example: `  tekwright run manifests/ --apply --logs
  tekwright run run.yaml --again -p revision=v1.2.3 -p 'platforms:=["linux/amd64"]'
  go run ./ci | tekwright run - --name release-`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.begin(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.inputs.flags(cmd)
	flags.BoolVar(&c.apply, "apply", false, "apply the other manifests first")
	flags.StringVar(&c.set, "set", "", "with --apply, the `name` of the set that the manifests are")
	flags.StringVar(&c.start.Name, "name", "", "`name`, or generateName, of the run, if there are several")
	flags.BoolVar(&c.start.Again, "again", false, "give the run a new name, as its own was used before")
	flags.StringArrayVarP(&c.params, "param", "p", nil, "`NAME=VALUE` of a param, NAME:=JSON for an array or an object; may be given several times")
	flags.BoolVarP(&c.detach, "detach", "d", false, "do not follow the run, only print its name")
	c.following.flags(cmd)
	return cmd
}

// begin starts the run, and follows it.
func (c *running) begin(ctx context.Context, args []string) error {
	if c.set != "" && !c.apply {
		return errors.New("--set says how to apply: give --apply as well")
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
		_, err := fmt.Fprintln(c.inputs.Out, run.Name())
		return err
	}
	return c.follow(ctx, run)
}

// params are the values of params on a command line.
func params(args []string) ([]v1.Param, error) {
	var all []v1.Param
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" || name == ":" {
			return nil, fmt.Errorf("the param %q is not NAME=VALUE", arg)
		}
		p := v1.Param{Name: name, Value: *v1.NewStructuredValues(value)}
		if name, structured := strings.CutSuffix(name, ":"); structured {
			p = v1.Param{Name: name}
			if err := structure(value, &p.Value); err != nil {
				return nil, fmt.Errorf("the param %q is no array of strings and no object of strings in JSON: %w", arg, err)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// structure reads an array or an object. Tekton's own reader takes anything,
// and makes a string of what it does not know.
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
		return errors.New("it is null")
	}
	*value = v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: object}
	return nil
}
