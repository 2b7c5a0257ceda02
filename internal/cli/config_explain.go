package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	config *config.Config
	given  check.Profile
}

// configExplain returns the command config explain.
func (a *app) configExplain() *cobra.Command {
	c := &explaining{checking: checking{app: a, persona: choice{allowed: rule.Personas()}}}
	cmd := &cobra.Command{
		Use:   "explain [PATH] [CODE]",
		Short: "Explain which settings apply to a file, and why",
		Long: `Explain prints which configuration a file has, whether it is excluded, who reads its
findings, and the severity of each rule that is not the default, with the place that
sets it. With the code of a rule, it prints all places that set its severity there;
the last one counts.

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
	c.persona.flag(cmd, "persona", "", "`reader` of the findings: "+alternatives(c.persona.allowed)+" (default: regular)")
	flags.StringVar(&c.profileFile, "profile", "", "`file` that describes the cluster and the severities of rules")
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
		within = filepath.Join(c.path, "file.yaml")
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
type step struct{ value, why string }

// of returns the step for a setting of a configuration.
func of(s config.Setting) step {
	out := step{string(s.Persona), s.Position.String()}
	if s.Code != "" {
		out.value = severityName(s.Severity)
	}
	if s.Paths != nil {
		out.why += ", for " + strings.Join(s.Paths, ", ")
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
	if !(&check.Profile{Persona: rule.Persona(reader.value)}).Shows(r.Persona) {
		steps = append(steps, step{"off", fmt.Sprintf("it is for the persona %s, and the persona is %s (%s)", r.Persona, reader.value, reader.why)})
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

// print prints the explanation.
func (c *explaining) print() error {
	var b printable.Safe
	if c.code != "" {
		r, _ := check.Lookup(c.code)
		steps := c.severities(r)
		b += printable.Format("%s in %s: %s\n", c.code, c.path, steps[len(steps)-1].value)
		for _, s := range steps {
			b += printable.Format("  %-7s  %s\n", s.value, s.why)
		}
		return printable.Fprintf(c.Out, "%s", b)
	}
	b += printable.Format("%s\n", c.path)
	line := func(name, value string) { b += printable.Format("  %-13s  %s\n", name, value) }
	switch {
	case c.config == nil:
		line("configuration", "none")
	case c.config.ProfileFile != "":
		line("configuration", c.config.File+", with the profile "+c.config.ProfileFile)
	default:
		line("configuration", c.config.File)
	}
	if c.from != "" {
		line("Go program", c.from)
	}
	if at, excluded := c.config.Excludes(c.path); excluded {
		line("excluded", at.String())
	}
	readers := c.readers()
	reader := readers[len(readers)-1]
	line("persona", reader.value+" ("+reader.why+")")
	var changed [][2]string
	for _, r := range everything() {
		if steps := c.severities(r); len(steps) > 1 && !strings.HasPrefix(steps[len(steps)-1].why, "it is for") {
			last := steps[len(steps)-1]
			changed = append(changed, [2]string{r.Code, fmt.Sprintf("%-7s  %s", last.value, last.why)})
		}
	}
	if len(changed) > 0 {
		b += "\n  rules that are not at their default:\n"
	}
	widest := 0
	for _, one := range changed {
		widest = max(widest, len(one[0]))
	}
	for _, one := range changed {
		b += printable.Format("  %-*s  %s\n", widest, one[0], one[1])
	}
	return printable.Fprintf(c.Out, "%s", b)
}
