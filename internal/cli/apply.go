package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// objects is a source of what was read.
type objects []object.Object

// Objects returns them.
func (o objects) Objects() ([]object.Object, error) { return o, nil }

// inputs are what a command that changes a cluster reads.
type inputs struct {
	connection
	exclude []string
}

// flags adds the flags that say what is read, and which cluster it is for.
func (m *inputs) flags(cmd *cobra.Command) {
	m.connection.flags(cmd)
	cmd.Flags().StringArrayVar(&m.exclude, "exclude", nil, "`glob` of files and folders to leave out; may be given several times")
}

// read returns the objects in the files and folders. Unless all can be read
// and no check finds an error, it reports what is wrong, and returns nothing.
func (m *inputs) read(ctx context.Context, args []string) (objects, error) {
	if len(args) == 0 {
		// Unlike check, this changes something: what must be meant.
		return nil, errors.New("nothing is named\n  help: name files, folders, or - for the standard input")
	}
	set, err := manifest.Load(ctx, args, manifest.LoadOptions{Exclude: m.exclude, Stdin: m.In})
	if err != nil {
		return nil, err
	}
	checked, err := check.Run(ctx, set.Objects, check.Profile{})
	if err != nil {
		return nil, err
	}
	findings := append(check.Profile{}.Filter(set.Findings, set.Objects), checked...)
	findings.Sort()
	r := report.Report{Texts: set.Texts, Objects: len(set.Objects), Files: set.Files, Version: version()}
	for _, f := range findings {
		switch {
		case manifest.IsReadFailure(f):
			r.Unread++
		case f.Severity > diag.Error:
			continue
		}
		r.Findings = append(r.Findings, f)
	}
	if len(r.Findings) > 0 {
		if err := report.Write(m.Err, "text", r, report.Style{}); err != nil {
			return nil, err
		}
		return nil, errors.New("nothing is sent to the cluster until that is mended")
	}
	if len(set.Objects) == 0 {
		return nil, fmt.Errorf("there are no manifests in %s\n  help: name files, folders, or - for the standard input", strings.Join(args, ", "))
	}
	return set.Objects, nil
}

// applying is one call of tekwright apply.
type applying struct {
	inputs
	options cluster.ApplyOptions
	diff    bool
	format  choice
}

// apply is the command that applies.
func (a *app) apply() *cobra.Command {
	c := &applying{
		inputs: inputs{connection: connection{app: a}},
		format: choice{value: "text", allowed: []string{"text", "json"}},
	}
	cmd := &cobra.Command{
		Use:   "apply {PATH | -}...",
		Short: "Bring manifests to a cluster",
		Long: `Apply reads manifests as check does, checks them, and brings them to the cluster
by server-side apply, in the order in which the cluster needs them. Unless there
is no error, nothing is sent. Fields that others set stay as they are; one that
another has set to something else is a conflict, and --force takes it.

With --set, each object gets the label ` + cluster.SetLabel + `, and --prune then deletes
those of the set that the manifests have no longer. Namespaces, volumes, claims,
Secrets and runs are never deleted.

A run with a generateName is not applied: tekwright run starts it.

Exit status: 0 if all is as the manifests say, 1 if it is not, as the cluster
refused something or the account may not do it, 2 if nothing was begun: what was
read has errors, or there is no way to the cluster.

With -o json there is an object on a line for each object of the set, with the
fields action, dryRun, apiVersion, kind, namespace, name, place, reason, help, diff
and warnings.`,
		Example: `  tekwright apply manifests/
  tekwright apply manifests/ --set release --prune --dry-run
  go run ./ci | tekwright apply -`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.flags(cmd)
	flags.StringVar(&c.options.Set, "set", "", "`name` of the set that the manifests are")
	flags.BoolVar(&c.options.Prune, "prune", false, "delete what the set has no longer")
	flags.StringSliceVar(&c.options.Namespaces, "prune-namespaces", nil, "`namespaces` to look in too, of which the set had objects once")
	flags.BoolVar(&c.options.DryRun, "dry-run", false, "have the cluster judge everything, and change nothing")
	flags.BoolVar(&c.options.Force, "force", false, "take over fields that others set, and objects of other sets")
	flags.BoolVar(&c.diff, "diff", false, "show how objects change")
	c.format.flag(cmd, "output", "o", "`format`: "+alternatives(c.format.allowed))
	return cmd
}

// run applies what the arguments name.
func (c *applying) run(ctx context.Context, args []string) error {
	if c.options.Prune && c.options.Set == "" {
		return errors.New("--prune needs --set NAME: it deletes what that set has no longer")
	}
	set, err := c.read(ctx, args)
	if err != nil {
		return err
	}
	client, err := c.connect()
	if err != nil {
		return err
	}
	var lost error
	c.options.Progress = func(change cluster.Change) {
		if lost == nil {
			lost = c.tell(change)
		}
	}
	changes, err := client.Apply(interruptible(ctx), set, c.options)
	if err == nil {
		err = lost
	}
	if err == nil && c.format.value == "text" {
		_, err = fmt.Fprintln(c.Out, summary(changes, c.options.DryRun))
	}
	if err != nil && (len(changes) > 0 || refused(err)) {
		fmt.Fprintln(c.Err, "tekwright: "+err.Error())
		c.exit = found
		return nil
	}
	return err
}

// refused reports whether the cluster has judged what was sent.
func refused(err error) bool {
	var (
		refusal  *cluster.RefusedError
		conflict *cluster.ConflictError
		rights   *cluster.ForbiddenError
	)
	return errors.As(err, &refusal) || errors.As(err, &conflict) || errors.As(err, &rights)
}

// tell says what became of an object.
func (c *applying) tell(change cluster.Change) error {
	if c.format.value == "json" {
		kind := change.Object
		return json.NewEncoder(c.Out).Encode(changeJSON{
			Action: string(change.Action), DryRun: change.DryRun, APIVersion: kind.APIVersion, Kind: kind.Kind, Namespace: kind.Namespace, Name: kind.Name,
			Place: change.Position.String(), Reason: change.Reason, Help: change.Help, Diff: change.Diff,
			Warnings: append([]string{}, change.Warnings...),
		})
	}
	text := change.String()
	if change.Help != "" {
		text += "\n  help: " + change.Help
	}
	for _, w := range change.Warnings {
		text += "\n  warning: " + w
	}
	if c.diff && change.Diff != "" {
		text += "\n" + strings.TrimSuffix(change.Diff, "\n")
	}
	_, err := fmt.Fprintln(c.Out, text)
	return err
}

// changeJSON is a change for programs.
type changeJSON struct {
	Action     string   `json:"action"`
	DryRun     bool     `json:"dryRun"`
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Namespace  string   `json:"namespace"`
	Name       string   `json:"name"`
	Place      string   `json:"place"`
	Reason     string   `json:"reason"`
	Help       string   `json:"help"`
	Diff       string   `json:"diff"`
	Warnings   []string `json:"warnings"`
}

// summary counts what became of the objects.
func summary(changes []cluster.Change, dry bool) string {
	counts := map[cluster.Action]int{}
	for _, c := range changes {
		counts[c.Action]++
	}
	var parts []string
	for _, a := range []cluster.Action{cluster.Created, cluster.Configured, cluster.Unchanged, cluster.Pruned, cluster.Kept, cluster.Skipped, cluster.Missing} {
		if counts[a] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[a], a))
		}
	}
	text := strings.Join(parts, ", ")
	if dry {
		text += " (dry run: nothing was changed)"
	}
	return text
}
