package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// objects is a source of the objects that were read.
type objects []object.Object

// Objects returns the objects.
func (o objects) Objects() ([]object.Object, error) { return o, nil }

// inputs are the manifests that a command reads for a cluster.
type inputs struct {
	connection
	configured
	exclude []string
}

// flags adds the flags for the files to read and for the cluster.
func (m *inputs) flags(cmd *cobra.Command) {
	m.connection.flags(cmd)
	cmd.Flags().StringArrayVar(&m.exclude, "exclude", nil, "`glob` of files and directories to exclude; can be repeated")
	m.configured.flags(cmd)
}

// read returns the objects in files and directories. If something cannot be read
// or has errors, it reports the findings and returns an error.
func (m *inputs) read(ctx context.Context, args []string) (objects, error) {
	if len(args) == 0 {
		// Unlike check, this changes something: there is no default.
		return nil, errors.New("no files given\n  help: pass files, directories, or - for standard input")
	}
	finder := m.finder()
	set, err := manifest.Load(ctx, args, manifest.LoadOptions{Exclude: m.exclude, Excluded: finder.Excludes, Stdin: m.In})
	if err != nil {
		return nil, err
	}
	m.hide.Store(&set)
	profile := m.inFiles(set, finder, check.Profile{}, false)
	findings, err := check.RunLoaded(ctx, set.Objects, set.Findings, profile)
	if err != nil {
		return nil, err
	}
	r := report.Report{Texts: set.Texts, Objects: len(set.Objects), Files: set.Files, LeftOut: set.LeftOut, Version: version()}
	for _, f := range findings {
		switch {
		case manifest.IsReadFailure(f):
			r.Unread++
		case f.Severity > diag.Error:
			continue
		}
		f.Fixes = nil // they are for tekwright check
		r.Findings = append(r.Findings, f)
	}
	if len(r.Findings) > 0 {
		if err := report.Write(m.Err, "text", r, report.Style{All: true}); err != nil {
			return nil, err
		}
		return nil, errors.New("nothing was sent to the cluster: fix the errors first")
	}
	if len(set.Objects) == 0 {
		return nil, fmt.Errorf("no manifests found in %s\n  help: pass other files, directories, or - for standard input", strings.Join(args, ", "))
	}
	return set.Objects, nil
}

// applying is one invocation of tekwright apply.
type applying struct {
	inputs
	options cluster.ApplyOptions
	diff    bool
	format  choice
}

// apply returns the command apply.
func (a *app) apply() *cobra.Command {
	c := &applying{
		inputs: inputs{connection: connection{app: a}},
		format: choice{value: "text", allowed: []string{"text", "json"}},
	}
	cmd := &cobra.Command{
		Use:   "apply {PATH | -}...",
		Short: "Check manifests and apply them to a cluster",
		Long: `Apply reads and checks manifests like tekwright check. If there are no errors, it
applies them to the cluster by server-side apply, in dependency order. Fields
that are set only by others are kept. A field that another manager has set to a
different value is a conflict, unless --force is given.

With --set, each object is labeled with ` + cluster.SetLabel + `, and --prune deletes
objects of the set that are no longer in the manifests. Namespaces,
PersistentVolumes, PersistentVolumeClaims, Secrets and runs are never deleted.

A run with a generateName is not applied. Use tekwright run to start it.

Exit status:
  0  all manifests were applied
  1  the cluster rejected an object, or a permission is missing
  2  nothing was applied: the manifests have errors, or the cluster cannot be
     reached

With -o json, the output is one line of JSON for each object,
with the fields action, dryRun, apiVersion, kind, namespace, name, place, reason,
help, diff and warnings.`,
		Example: `  tekwright apply manifests/
  tekwright apply manifests/ --set release --prune --dry-run
  go run ./ci | tekwright apply -`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.flags(cmd)
	flags.StringVar(&c.options.Set, "set", "", "`name` of the set that the manifests belong to")
	flags.BoolVar(&c.options.Prune, "prune", false, "delete objects of the set that are no longer in the manifests")
	flags.StringSliceVar(&c.options.Namespaces, "prune-namespaces", nil, "more `namespaces` to prune in, such as those used earlier")
	flags.BoolVar(&c.options.DryRun, "dry-run", false, "have the cluster validate all objects without changing anything")
	flags.BoolVar(&c.options.Force, "force", false, "take over fields owned by other managers, and objects of other sets")
	flags.BoolVar(&c.diff, "diff", false, "show the changes to each object")
	c.format.flag(cmd, "output", "o", "output `format`: "+alternatives(c.format.allowed))
	return cmd
}

// run applies the manifests in the arguments.
func (c *applying) run(ctx context.Context, args []string) error {
	if c.options.Prune && c.options.Set == "" {
		return errors.New("--prune requires --set NAME: it deletes objects that are no longer in that set")
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
			lost = c.print(change)
		}
	}
	changes, err := client.Apply(interruptible(ctx), set, c.options)
	if err == nil {
		err = lost
	}
	if err == nil && c.format.value == "text" {
		err = printable.Fprintf(c.Out, "%s\n", summary(changes, c.options.DryRun))
	}
	if err != nil && (len(changes) > 0 || answered(err)) {
		_ = c.complain(err.Error())
		c.exit = found
		return nil
	}
	return err
}

// answered reports whether the cluster has rejected a request.
func answered(err error) bool {
	var (
		refused   *cluster.RejectedError
		conflict  *cluster.ConflictError
		forbidden *cluster.ForbiddenError
	)
	return errors.As(err, &refused) || errors.As(err, &conflict) || errors.As(err, &forbidden)
}

// print prints a change.
func (c *applying) print(change cluster.Change) error {
	if c.format.value == "json" {
		kind := change.Object
		return printable.WriteJSON(c.Out, changeJSON{
			Action: string(change.Action), DryRun: change.DryRun, APIVersion: kind.APIVersion, Kind: kind.Kind, Namespace: kind.Namespace, Name: kind.Name,
			Place: change.Position.String(), Reason: change.Reason, Help: change.Help, Diff: change.Diff,
			Warnings: append([]string{}, change.Warnings...),
		}, false)
	}
	// The parts of a change belong together, also if others write to the same terminal.
	text := printable.Format("%s\n", change)
	if change.Help != "" {
		text += printable.Format("  help: %s\n", printable.Indented(change.Help, "  "))
	}
	for _, w := range change.Warnings {
		text += printable.Format("  warning: %s\n", w)
	}
	if c.diff && change.Diff != "" {
		text += printable.Text(strings.TrimSuffix(change.Diff, "\n")) + "\n"
	}
	return printable.Fprintf(c.Out, "%s", text)
}

// changeJSON is the JSON of a change.
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

// summary returns the number of objects for each action.
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
