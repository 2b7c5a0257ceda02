package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// explaining is one invocation of tekwright config explain.
type explaining struct {
	checking
	path   string
	code   string
	base   check.Profile // of the folder
	from   string        // the file that has it
	folder bool          // the path is one
	config *config.Config
	given  check.Profile
}

// configExplain returns the command config explain.
func (a *app) configExplain() *cobra.Command {
	c := &explaining{checking: checking{app: a, persona: choice{allowed: rule.Personas()}, format: choice{value: "text", allowed: []string{"text", "json"}}}}
	cmd := &cobra.Command{
		Use:   "explain [PATH] [CODE]",
		Short: "Explain which settings apply to a file, and why",
		Long: `Explain prints which configuration a file has, whether it is excluded, who reads its
findings, the severity of each rule that is not the default, and what is assumed of the
cluster, each with the place that sets it. With the code of a rule, it prints all places
that set its severity there; the last one counts.

With -o json, the output is an object with path, configuration, profile, baseline,
goProgram, excluded, persona, rules, cluster and versions. With the code of a rule, it has path,
code, severity and steps. Fields that do not apply are "" or [].

The flags are those of tekwright check.`,
		Example: `  tekwright config explain
  tekwright config explain samples/task.yaml
  tekwright config explain samples/task.yaml image-floating`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.prepare(cmd, args); err != nil {
				return err
			}
			return c.print()
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.format.flag(cmd, "output", "o", "output `format`: text or json (default text)")
	c.persona.flag(cmd, "persona", "", "`reader` of the findings: "+alternatives(c.persona.allowed)+" (default: regular)")
	flags.BoolVar(&c.complete, "complete", false, "report references to objects outside the checked files as errors")
	flags.BoolVar(&c.oneSet, "one-set", false, "treat the objects of all directories as one set")
	flags.StringVar(&c.profileFile, "profile", "", "`file` that describes the cluster and the severities of rules, or openshift")
	flags.StringSliceVar(&c.disable, "disable", nil, "`codes` of rules to disable, separated by commas")
	c.configured.flags(cmd)
	complete(cmd, "disable", completeList)
	return cmd
}

// prepare finds out what applies to the path.
func (c *explaining) prepare(cmd *cobra.Command, args []string) (err error) {
	c.path = "."
	for i, arg := range args {
		_, is := check.Lookup(arg)
		_, missing := os.Stat(arg)
		switch {
		case i == 1 && !is:
			return unknownRule(arg)
		case len(args) == 1 && missing != nil && !is && !strings.ContainsAny(arg, "./\\"): // no file
			return unknownRule(arg)
		case i == 1, is && missing != nil && len(args) == 1:
			c.code = arg
		default:
			c.path = arg
		}
	}
	if c.given, err = c.profile(); err != nil {
		return err
	}
	within := c.path
	info, err := os.Stat(c.path)
	switch {
	case err == nil && info.IsDir():
		within, c.folder = filepath.Join(c.path, "file.yaml"), true
	case err == nil && c.profileFile == "":
		// Only files: what a folder contains is not needed.
		set, err := manifest.Load(cmd.Context(), []string{c.path}, manifest.LoadOptions{})
		if err != nil {
			return err
		}
		c.base = set.Profile()
		for folder := range set.Profiles {
			c.from = filepath.ToSlash(filepath.Join(folder, ".tekwright-check"))
		}
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	}
	c.config, err = c.finder().Of(within)
	return err
}

// step is one place that sets something, in the order in which they are applied.
type step struct {
	Value  string `json:"value"`
	Source string `json:"source"`
}

// of returns the step for a setting of a configuration.
func of(s config.Setting) step {
	out := step{string(s.Persona), s.Position.String()}
	if s.Code != "" {
		out.Value = severityName(s.Severity)
	}
	if s.Paths != nil {
		out.Source += ", for " + strings.Join(s.Paths, ", ")
	}
	return out
}

// severityName returns the name of a severity, or off.
func severityName(s diag.Severity) string {
	if !s.IsValid() {
		return "off"
	}
	return s.String()
}

// readers returns the steps that set the persona.
func (c *explaining) readers() []step {
	steps := []step{{string(rule.Regular), "the default"}}
	if c.base.Persona != "" {
		steps = append(steps, step{string(c.base.Persona), c.from})
	}
	for _, s := range c.config.Settings(c.path) {
		if s.Code == "" {
			steps = append(steps, of(s))
		}
	}
	switch {
	case c.persona.value != "":
		steps = append(steps, step{c.persona.value, "--persona"})
	case c.given.Persona != "":
		steps = append(steps, step{string(c.given.Persona), c.profileFile})
	}
	return steps
}

// severities returns the steps that set the severity of a rule.
func (c *explaining) severities(r *rule.Rule) []step {
	steps := []step{{severityName(cmp.Or(r.Severity, diag.Error)), "the default of the rule"}}
	readers := c.readers()
	reader := readers[len(readers)-1]
	if !(&check.Profile{Persona: rule.Persona(reader.Value)}).Shows(r.Persona) {
		steps = append(steps, step{"off", fmt.Sprintf("it is for the persona %s, and the persona is %s (%s)", r.Persona, reader.Value, reader.Source)})
	}
	profile := func(p check.Profile, from string) {
		if s, ok := p.Severities[r.Code]; ok {
			steps = append(steps, step{s.String(), from})
		}
		if slices.Contains(p.Disabled, r.Code) && !slices.Contains(c.disable, r.Code) {
			steps = append(steps, step{"off", from})
		}
	}
	profile(c.base, c.from)
	for _, s := range c.config.Settings(c.path) {
		if s.Code == r.Code {
			steps = append(steps, of(s))
		}
	}
	profile(c.given, c.profileFile)
	if slices.Contains(c.disable, r.Code) {
		steps = append(steps, step{"off", "--disable"})
	}
	return steps
}

// changed are the rules whose severity is set somewhere, with the place that counts.
func (c *explaining) changed() []ruled {
	all := []ruled{}
	for _, r := range everything() {
		steps := c.severities(r)
		if last := steps[len(steps)-1]; len(steps) > 1 && !strings.HasPrefix(last.Source, "it is for") {
			all = append(all, ruled{r.Code, last.Value, last.Source})
		}
	}
	return all
}

// ruled is the severity of a rule.
type ruled struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Source   string `json:"source"`
}

// explanation is what applies to a path.
type explanation struct {
	Path          string            `json:"path"`
	Configuration string            `json:"configuration"`
	Profile       string            `json:"profile"`
	Baseline      step              `json:"baseline"`
	GoProgram     string            `json:"goProgram"`
	Excluded      string            `json:"excluded"` // the place that says so
	Persona       step              `json:"persona"`
	Rules         []ruled           `json:"rules"`
	Cluster       []aspect          `json:"cluster"`
	Versions      map[string]string `json:"versions"`
}

// explain returns what applies to the path.
func (c *explaining) explain() explanation {
	readers := c.readers()
	e := explanation{Path: c.path, GoProgram: c.from, Persona: readers[len(readers)-1], Rules: c.changed(), Versions: map[string]string{}}
	if c.config != nil {
		e.Configuration, e.Profile = c.config.File, c.config.ProfileFile
	}
	if file, at := c.config.Baseline(); file != "" {
		e.Baseline = step{file, at.String()}
	}
	if at, excluded := c.config.Excludes(c.path); excluded {
		e.Excluded = at.String()
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range tektonModules(info) {
			e.Versions[m.name] = m.version
		}
	}
	e.Cluster = c.cluster(e.Versions["pipeline"])
	return e
}

// print prints the explanation.
func (c *explaining) print() error {
	asJSON := c.format.value == "json"
	if c.code == "" {
		e := c.explain()
		if asJSON {
			return printable.WriteJSON(c.Out, e, true)
		}
		return printable.Fprintf(c.Out, "%s", e.text())
	}
	r, _ := check.Lookup(c.code)
	steps := c.severities(r)
	severity := steps[len(steps)-1].Value
	if asJSON {
		return printable.WriteJSON(c.Out, struct {
			Path     string `json:"path"`
			Code     string `json:"code"`
			Severity string `json:"severity"`
			Steps    []step `json:"steps"`
		}{c.path, c.code, severity, steps}, true)
	}
	b := printable.Format("%s in %s: %s\n", c.code, c.path, severity)
	for _, s := range steps {
		b += printable.Format("  %-7s  %s\n", s.Value, s.Source)
	}
	return printable.Fprintf(c.Out, "%s", b)
}

// text returns the explanation for people.
func (e explanation) text() printable.Safe {
	b := printable.Format("%s\n", e.Path)
	line := func(name, value string) {
		if value != "" {
			b += printable.Format("  %-13s  %s\n", name, value)
		}
	}
	configuration := cmp.Or(e.Configuration, "none")
	if e.Profile != "" {
		configuration += ", with the profile " + e.Profile
	}
	line("configuration", configuration)
	if e.Baseline.Value != "" {
		line("baseline", e.Baseline.Value+" ("+e.Baseline.Source+")")
	}
	line("Go program", e.GoProgram)
	line("excluded", e.Excluded)
	line("persona", e.Persona.Value+" ("+e.Persona.Source+")")
	if len(e.Rules) > 0 {
		b += "\n  rules that are not at their default:\n"
	}
	widest := 0
	for _, r := range e.Rules {
		widest = max(widest, len(r.Code))
	}
	for _, r := range e.Rules {
		b += printable.Format("  %-*s  %-7s  %s\n", widest, r.Code, r.Severity, r.Source)
	}
	b += "\n  what is assumed of the cluster and the objects:\n"
	for _, a := range e.Cluster {
		b += printable.Format("  %-21s  %s (%s)\n", a.Field, a.text(), strings.Join(a.Sources, " and "))
	}
	if v := e.Versions["pipeline"]; v != "" {
		b += printable.Format("\n  the rules are for Tekton Pipelines %s and Triggers %s\n", v, e.Versions["triggers"])
	}
	return b
}
