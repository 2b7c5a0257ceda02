package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// stdin is the argument that stands for the standard input.
const stdin = "-"

// checking is one call of tekwright check.
type checking struct {
	*app
	profileFile string
	complete    bool
	disable     []string
	exclude     []string
	format      choice
	severity    choice
	noColor     bool
	quiet       bool
}

// check is the command that checks.
func (a *app) check() *cobra.Command {
	c := &checking{
		app:      a,
		format:   choice{value: report.Formats()[0], allowed: report.Formats()},
		severity: choice{allowed: []string{"error", "warning", "note"}},
	}
	cmd := &cobra.Command{
		Use:   "check [PATH | -]...",
		Short: "Check files, folders and streams of YAML and JSON",
		Long: `Check reads the manifests in files, in folders with all that is below them, and,
for "-", in the standard input; without arguments, in the current folder. All of
them together are one set: a run finds its Pipeline in another file.

In folders it reads .yaml, .yml and .json files. It leaves out hidden files and
folders (but .tekton), vendor, node_modules, symbolic links that lead out of the
folder, kustomizations and the patches that they name, the values of Helm charts,
and documents that are no Kubernetes objects. Templates of a chart are a note,
as they are no YAML yet. A file that is named is read whatever it is called.

With --exclude it leaves out files and folders: * and ? stop at a slash, ** does
not, and a glob without a slash holds at every depth.

What an object refers to and is not in the set is told as a note, as the cluster
may have it; with --complete it is an error. A profile says more of the
cluster: its feature flags, and what else exists there.

An object silences a rule for itself by an annotation with the reason:

  metadata:
    annotations:
      ` + rule.SuppressPrefix + `privileged: the Docker daemon needs it

Exit status: 0 if nothing was found but notes, 1 if something was (with
--severity: of that severity, or a higher one), 2 if something could not be
read; the rest is checked all the same.

With -o json the output is one array of findings, [] if there are none. Each has
all of these fields, "" or 0 or [] where there is nothing to say:

  code, severity                  the rule, and error, warning or note
  file, line, column, endColumn   the place, counted from 1; endColumn is behind it
  kind, name, namespace, path     the object, and the value in it: spec.steps[0].image
  message, help, excerpt          what is wrong, what to do, the part of the value
  related                         further places: message, file, line, column,
                                  kind, name, namespace, path

What could not be read is a finding too, of file-unreadable, yaml-invalid,
object-untyped, template-unrendered or document-limit.`,
		Example: `  tekwright check
  tekwright check pipeline.yaml tasks/ --complete
  helm template chart/ | tekwright check -
  kustomize build overlays/prod | tekwright check -
  tekwright check --exclude charts --exclude 'test/**/*.json'
  tekwright check -o github --severity error --disable image-floating,param-unused
  tekwright check --profile cluster.yaml -o sarif > tekwright.sarif`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.format.flag(cmd, "output", "o", "`format` of the findings: "+alternatives(c.format.allowed))
	c.severity.flag(cmd, "severity", "", "lowest `severity` to show and count: "+alternatives(c.severity.allowed)+" (default: all; notes do not count)")
	flags.BoolVar(&c.complete, "complete", false, "the manifests are all there is: a reference to others is an error")
	flags.StringVar(&c.profileFile, "profile", "", "`file` that says what is known of the cluster and how severe rules are")
	flags.StringSliceVar(&c.disable, "disable", nil, "`codes` of rules to leave out, with commas between them")
	flags.StringArrayVar(&c.exclude, "exclude", nil, "`glob` of files and folders to leave out; may be given several times")
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "one line for each finding, and no summary")
	flags.BoolVar(&c.noColor, "no-color", false, "no colours on a terminal either (as does NO_COLOR)")
	complete(cmd, "disable", completeList)
	return cmd
}

// run checks what the arguments name.
func (c *checking) run(ctx context.Context, args []string) error {
	profile, err := c.profile()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	set, err := manifest.Load(ctx, args, manifest.LoadOptions{Exclude: c.exclude, Stdin: c.In})
	if err != nil {
		return err
	}
	checked, err := check.Run(ctx, set.Objects, profile)
	if err != nil {
		return err
	}
	findings := append(profile.Filter(set.Findings, set.Objects), checked...)
	findings.Sort()

	lowest, counts := diag.Warning, false
	if c.severity.value != "" {
		if err := lowest.UnmarshalText([]byte(c.severity.value)); err != nil {
			return err
		}
	}
	r := report.Report{Texts: set.Texts, Objects: len(set.Objects), Files: set.Files, Version: version()}
	for _, f := range findings {
		switch unread := manifest.IsReadFailure(f); {
		case unread:
			r.Unread++
		case c.severity.value != "" && f.Severity > lowest:
			r.Hidden++
			continue
		}
		counts = counts || f.Severity <= lowest
		r.Findings = append(r.Findings, f)
	}
	if len(set.Objects) == 0 && len(findings) == 0 {
		return c.nothing(args)
	}
	if err := report.Write(c.Out, c.format.value, r, report.Style{Colour: c.colour(c.noColor), Brief: c.quiet}); err != nil {
		return fmt.Errorf("the report is not written whole: %w", err)
	}
	switch {
	case r.Unread > 0:
		c.exit = failed
	case counts:
		c.exit = found
	}
	return nil
}

// nothing says that there is nothing to check: most likely, something else was
// meant. Programs get a report all the same.
func (c *checking) nothing(args []string) error {
	if c.format.value != "text" {
		if err := report.Write(c.Out, c.format.value, report.Report{Version: version()}, report.Style{}); err != nil {
			return err
		}
	}
	names := slices.Clone(args)
	for i, n := range names {
		if n == stdin {
			names[i] = "the standard input"
		}
	}
	return fmt.Errorf("there is nothing to check in %s\n  help: name files, folders, or - for the standard input", strings.Join(names, ", "))
}

// colour reports whether text has colours, unless a flag says no. Variables are
// those of no-color.org and bixense.com/clicolors.
func (a *app) colour(none bool) bool {
	if none || a.Env("NO_COLOR") != "" {
		return false
	}
	if force := a.Env("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return a.Terminal && a.Env("TERM") != "dumb"
}

// profile is what the flags say of the cluster and of the rules.
func (c *checking) profile() (check.Profile, error) {
	var p check.Profile
	if c.profileFile != "" {
		var err error
		if p, err = readProfile(c.profileFile); err != nil {
			return p, fmt.Errorf("%s: %w", c.profileFile, err)
		}
		for _, doubt := range check.ProfileWarnings(p) {
			fmt.Fprintf(c.Err, "tekwright: warning: %s: %s\n", c.profileFile, doubt)
		}
	}
	p.Complete = p.Complete || c.complete
	for _, code := range c.disable {
		if !slices.ContainsFunc(everything(), func(r *rule.Rule) bool { return r.Code == code }) {
			return p, unknownRule(code)
		}
		p.Disabled = append(p.Disabled, code)
	}
	return p, nil
}
