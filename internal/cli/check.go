package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// stdin is the argument for standard input.
const stdin = "-"

// checking is one invocation of tekwright check.
type checking struct {
	*app
	configured
	profileFile string
	complete    bool
	oneSet      bool
	disable     []string
	exclude     []string
	format      choice
	severity    choice
	persona     choice
	noColor     bool
	quiet       bool
	all         bool
	summary     bool
	limits      manifest.Limits
	timeout     time.Duration
	adoption
	fixing
}

// check returns the command check.
func (a *app) check() *cobra.Command {
	c := &checking{
		app:      a,
		format:   choice{value: report.Formats()[0], allowed: report.Formats()},
		severity: choice{allowed: []string{"error", "warning", "note"}},
		persona:  choice{allowed: rule.Personas()},
		fixing:   fixing{fix: choice{allowed: []string{safeFixes, unsafeFixes}}},
	}
	cmd := &cobra.Command{
		Use:   "check [PATH | -]...",
		Short: "Check YAML and JSON manifests",
		Long: `Check reads manifests from files, from directories including all subdirectories,
and from standard input (-). Without arguments it reads the current directory.
All manifests are checked together, so a run can refer to a Pipeline in another
file. A repository may have many sets of them: a reference means the nearest
object of its name, and the same name in two directories is no mistake. With
--one-set it is one.

In directories it reads .yaml, .yml and .json files. It skips hidden files and
directories (except .tekton), vendor, node_modules, symbolic links that point
outside the directory, values files of Helm charts, and documents that are not
Kubernetes objects. Of the objects of Kubernetes, it checks those to which an
object of Tekton refers. Each Helm chart is reported as a note, because its
templates are not valid YAML before rendering. Files given as arguments are always
read, and checked as a whole.

Resources of kustomizations in the directories are checked as kustomize build
renders them, and findings are at the place in the file of the resource, or in the
patch that has written the value. Nothing is fetched, and no plugins run: what is left
out is a note.

A value with a placeholder that another tool replaces, such as ${NAME}, <name>,
@NAME@ or %NAME%, is not known, and nothing is derived from it.

With --exclude it skips files and directories. In a glob, * and ? do not match a
slash, but ** does. A glob without a slash matches at any depth.

An object that is referred to but is not among the checked files is reported as a
note, because it may exist in the cluster. With --complete it is an error. A
profile describes the cluster: its feature flags, and objects that exist there.
The profile openshift is a cluster with OpenShift Pipelines.
Without --profile, the file .tekwright-check beside the manifests is read. Programs
that generate manifests write it, with the profile and the declared Secrets of the
Go code.

The configuration of a file is the nearest .tekwright.yaml in its directory or above,
up to the root of the git repository. It sets what applies to which files: the
profile, the persona, the severities of rules, and what is excluded. Flags override
it, and so does --profile. See tekwright config --help.

With --persona pedantic it also gives advice, such as to request cpu and memory.
With --persona auditor it also reports what a security review looks at but is
usually meant, such as images without a digest.

To suppress a rule for one object, annotate the object with the reason:

  metadata:
    annotations:
      ` + rule.SuppressPrefix + `privileged: the Docker daemon needs it

To suppress a rule in a part of a file, write a comment with the reason: at the end
of the line of the finding, or above a map item or list item, for all lines of it:

  # tekwright: ignore param-unused, image-floating -- the next version needs it

To check only what changes, use --baseline or --new-from. With --write-baseline, a
baseline gets all findings of today. With --baseline, or the field baseline of a
configuration, these are not reported, also if lines move and files are renamed.
With --new-from, findings are not reported that a git revision has, too.

With --fix, it changes the files so that findings with a safe fix are gone: a key in
another case, a field with another name in this version, missing quotes. With
--fix=unsafe it also makes guesses, such as the name that was probably meant. Only what
is reported is fixed, and the report is about what stays. Each fix is checked before
a file is written. With --diff, it only shows the changes.

The text output is at most about three screens long: of many findings of the
same kind it shows the first ones, and says how many more there are. With --all it
shows all of them. It ends with a table of the rules if there are more than a few
findings. With --summary it prints only the table.

Exit status:
  0  there are no findings, or only notes
  1  there are errors or warnings; with --severity, findings of that severity or
     higher
  2  some input could not be read, or a file could not be written; everything else
     was checked. Or the command line or a configuration has a mistake, and nothing
     was checked

With -o json, the output is an array of findings. Each has all of these fields;
fields that do not apply are "", 0 or []:

  code, severity                  the rule; error, warning or note
  file, line, column, endColumn   the position, counted from 1; endColumn is
                                  exclusive
  kind, name, namespace, path     the object, and the path of the value in it,
                                  such as spec.steps[0].image
  message, help, excerpt          the problem, what to do, the part of the value at fault
  related                         further positions: message, file, line, column,
                                  kind, name, namespace, path
  fixes                           what --fix would do: message, safe, and edits with
                                  file, start and end (byte offsets), new

Input that could not be read is reported as file-unreadable, yaml-invalid,
object-untyped, template-unrendered or document-limit. If the check exceeds
--timeout, --max-bytes, --max-values or --max-findings, it reports what it has
found, and check-limit.`,
		Example: `  tekwright check
  tekwright check pipeline.yaml tasks/ --complete
  helm template chart/ | tekwright check -
  kustomize build overlays/prod | tekwright check -
  tekwright check --exclude charts --exclude 'test/**/*.json'
  tekwright check -o github --severity error --disable image-floating,param-unused
  tekwright check --summary
  tekwright check --profile cluster.yaml -o sarif > tekwright.sarif
  tekwright check --baseline known.json --write-baseline
  tekwright check --baseline known.json
  tekwright check --new-from origin/main
  tekwright check --fix
  tekwright check --fix=unsafe --diff
  tekwright check -o gitlab > gl-code-quality-report.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.format.flag(cmd, "output", "o", "output `format`: "+alternatives(c.format.allowed))
	c.severity.flag(cmd, "severity", "", "lowest `severity` to report: "+alternatives(c.severity.allowed)+" (default: all)")
	c.persona.flag(cmd, "persona", "", "`reader` of the findings: "+alternatives(c.persona.allowed)+" (default: regular)")
	flags.BoolVar(&c.complete, "complete", false, "report references to objects outside the checked files as errors")
	flags.BoolVar(&c.oneSet, "one-set", false, "treat the objects of all directories as one set")
	flags.StringVar(&c.profileFile, "profile", "", "`file` that describes the cluster and the severities of rules, or openshift")
	flags.StringSliceVar(&c.disable, "disable", nil, "`codes` of rules to disable, separated by commas")
	flags.StringArrayVar(&c.exclude, "exclude", nil, "`glob` of files and directories to exclude; can be repeated")
	c.adoption.flags(flags)
	c.fixing.flags(cmd)
	flags.DurationVar(&c.timeout, "timeout", 10*time.Minute, "stop after this `duration` and report what has been found; 0 means no limit")
	flags.Int64Var(&c.limits.Bytes, "max-bytes", 256<<20, "maximum `size` of all files together, in bytes")
	flags.IntVar(&c.limits.Values, "max-values", 6_000_000, "maximum `number` of YAML values in all files together")
	flags.IntVar(&c.limits.Findings, "max-findings", 0, "maximum `number` of findings (default: that of the profile, or 250000)")
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "print one line per finding and no summary")
	flags.BoolVar(&c.all, "all", false, "show all findings, even if many are of the same kind")
	flags.BoolVar(&c.summary, "summary", false, "print only the number of findings of each rule")
	flags.BoolVar(&c.noColor, "no-color", false, "disable colors (or set NO_COLOR)")
	c.configured.flags(cmd)
	complete(cmd, "disable", completeList)
	return cmd
}

// run checks the manifests in the arguments.
func (c *checking) run(ctx context.Context, args []string) error {
	if c.limits.Bytes < 0 || c.limits.Values < 0 || c.limits.Findings < 0 || c.timeout < 0 {
		return errors.New("a limit is negative\n  help: use a positive number, or 0 for the default")
	}
	if other := c.notSummary(); c.summary && other != "" {
		return errors.New("--summary cannot be used with " + other + "\n  help: leave out one of them")
	}
	if err := c.fixable(args); err != nil {
		return err
	}
	profile, err := c.profile()
	if err != nil {
		return err
	}
	var began time.Time
	if c.Clock != nil {
		began = c.Clock.Now()
	}
	progress := c.progress(c.quiet)
	defer progress.end()
	if c.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		ctx = limited
	}
	c.limits.Findings = profile.FindingLimit()
	if len(args) == 0 {
		args = []string{"."}
	}
	finder := c.finder()
	if err := c.configure(finder, args); err != nil {
		return err
	}
	if err := c.adoption.read(); err != nil {
		return err
	}
	c.walked = walks(args)
	profile.UsedOnly = profile.UsedOnly || c.walked
	past, err := c.past(ctx, args)
	if err != nil {
		return err
	}
	progress.is("reading manifests")
	o := manifest.LoadOptions{Exclude: c.exclude, Excluded: finder.Excludes, Stdin: c.In, Brief: c.walked, Scheduled: true, Limits: c.limits}
	set, renderings, err := c.load(ctx, args, o)
	if err != nil {
		return err
	}
	c.hide.Store(&set)
	usedOnly, oneSet := profile.UsedOnly, profile.OneSet
	progress.aside(func() { profile = c.inFiles(set, finder, profile, c.profileFile != "") })
	profile.UsedOnly, profile.OneSet = profile.UsedOnly || usedOnly, profile.OneSet || oneSet
	c.others(finder)
	progress.is("checking objects")
	v := &verdict{set: set, profile: profile, top: past.top(),
		earlier: sync.OnceValues(func() ([]fingerprint.Print, error) { return c.earlier(ctx, past, finder, profile) })}
	if v.all, err = c.judge(ctx, set, renderings, v.judging()); err != nil {
		return err
	}
	c.lowest = diag.Warning
	if c.severity.value != "" {
		if err := c.lowest.UnmarshalText([]byte(c.severity.value)); err != nil {
			return err
		}
	}
	if past != nil {
		progress.is("checking the revision")
	}
	if past != nil && c.fixes() {
		_, _ = v.earlier() // its remarks stay; settle returns the error
	}
	before := len(c.remarks)
	if err := c.settle(v); err != nil {
		return err
	}
	if c.fixes() {
		progress.is("fixing")
		if err := c.mend(ctx, args, o, v, before); err != nil {
			return err
		}
	}
	progress.end()
	c.remark()
	if c.Clock != nil {
		v.Took = c.Clock.Now().Sub(began)
	}
	if v.Dir, err = filepath.Abs("."); err != nil {
		return err
	}
	if c.diff {
		return c.showDiff(v)
	}
	if len(v.set.Objects) == 0 && len(v.all) == 0 {
		return c.nothing(args, v.set.Excluded > 0)
	}
	if err := report.Write(c.Out, c.format.value, v.Report, report.Style{Color: c.color(c.noColor), Brief: c.quiet, All: c.all, Summary: c.summary}); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	c.ends(v)
	return nil
}

// verdict is what a check has found, and the report of it.
type verdict struct {
	report.Report
	set        manifest.LoadResult
	profile    check.Profile
	all        diag.Findings // also what is known
	suppressed []report.Suppressed
	earlier    func() ([]fingerprint.Print, error)
	top        string // of the repository
	fresh      diag.Findings
	counts     bool // for the exit status
	diff       string
	unwritten  bool // a file could not be written
}

// judging returns the profile for a check whose suppressed findings the verdict collects.
func (v *verdict) judging() check.Profile {
	v.suppressed = nil
	profile := v.profile
	profile.Suppressed = func(f diag.Finding, reason string) {
		v.suppressed = append(v.suppressed, report.Suppressed{Finding: f, Reason: reason})
	}
	return profile
}

// settle makes the report of what has been found.
func (c *checking) settle(v *verdict) error {
	slices.SortStableFunc(v.suppressed, func(a, b report.Suppressed) int { return a.Compare(b.Finding) })
	set := v.set
	for _, s := range v.suppressed {
		set.Recall(diag.Findings{s.Finding})
	}
	v.Report = report.Report{Set: set.Objects, Texts: set.Texts, Names: set.Names(), Secrets: set.Secrets, Hide: set.Hide, Objects: len(set.Objects), Files: set.Files,
		LeftOut: set.LeftOut, Version: version(), Suppressed: v.suppressed}
	fresh, err := c.adopt(&v.Report, v.all, set, v.profile, v.earlier, v.top)
	if err != nil {
		c.remark()
		return err
	}
	v.fresh, v.counts = make(diag.Findings, 0, len(fresh)), false
	for _, f := range fresh {
		switch {
		case manifest.IsReadFailure(f):
			v.Unread++
		case c.hides(f):
			v.Hidden++
			continue
		}
		v.counts = v.counts || f.Severity <= c.lowest
		v.fresh = append(v.fresh, f)
	}
	v.Findings = v.fresh
	return nil
}

// ends sets the exit status.
func (c *checking) ends(v *verdict) {
	switch {
	case v.Unread > 0 || v.unwritten:
		c.exit = failed
	case v.counts:
		c.exit = found
	}
}

// notSummary returns the flag that asks for something else than a summary, if there is one.
func (c *checking) notSummary() string {
	switch {
	case c.quiet:
		return "--quiet"
	case c.format.value != "text":
		return "-o " + c.format.value
	}
	return ""
}

// load reads the manifests, and renders kustomizations.
func (c *checking) load(ctx context.Context, args []string, o manifest.LoadOptions) (manifest.LoadResult, *renderer, error) {
	set, err := manifest.Load(ctx, args, o)
	if err != nil {
		return set, nil, err
	}
	renderings, err := kustomized(ctx, &set, args, c.limits)
	return set, renderings, err
}

// judge returns all findings about the manifests, sorted.
func (c *checking) judge(ctx context.Context, set manifest.LoadResult, renderings *renderer, profile check.Profile) (diag.Findings, error) {
	findings, err := check.RunLoaded(ctx, set.Objects, set.Findings, profile)
	if err != nil {
		return nil, err
	}
	findings = renderings.once(findings)
	set.Recall(findings)
	return findings, nil
}

// nothing returns an error if there is nothing to check, which is most likely a
// mistake. It writes an empty report for formats that programs read. If a configuration
// leaves out what was given, it only says so: a hook of git names all files that change.
func (c *checking) nothing(args []string, excluded bool) error {
	if c.format.value != "text" {
		if err := report.Write(c.Out, c.format.value, report.Report{Version: version()}, report.Style{}); err != nil {
			return err
		}
	}
	if excluded {
		return c.complain("no manifests left to check: the configuration excludes them")
	}
	names := slices.Clone(args)
	for i, n := range names {
		if n == stdin {
			names[i] = "standard input"
		}
	}
	return fmt.Errorf("no manifests found in %s\n  help: pass other files, directories, or - for standard input", strings.Join(names, ", "))
}

// color reports whether to write colors. The flag disables them; otherwise it
// depends on the variables of no-color.org and bixense.com/clicolors.
func (a *app) color(disabled bool) bool {
	if disabled || a.Env("NO_COLOR") != "" {
		return false
	}
	if force := a.Env("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return a.Terminal && a.Env("TERM") != "dumb"
}

// profile returns the profile that the flags set.
func (c *checking) profile() (check.Profile, error) {
	var p check.Profile
	if c.profileFile != "" {
		var err error
		if p, err = c.namedProfile(c.profileFile); err != nil {
			return p, err
		}
	}
	p.Complete = p.Complete || c.complete
	p.OneSet = p.OneSet || c.oneSet
	p.Persona = cmp.Or(rule.Persona(c.persona.value), p.Persona)
	p.MaxFindings = cmp.Or(c.limits.Findings, p.MaxFindings)
	for _, code := range c.disable {
		if !slices.ContainsFunc(everything(), func(r *rule.Rule) bool { return r.Code == code }) {
			return p, unknownRule(code)
		}
		p.Disabled = append(p.Disabled, code)
	}
	return p, nil
}
