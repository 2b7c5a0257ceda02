package cli

import (
	"cmp"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// configured are the flags for configurations.
type configured struct {
	file string
	none bool
}

// flags adds the flags.
func (c *configured) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.file, "config", "", "configuration `file` of all manifests (default: nearest "+config.Name+")")
	cmd.Flags().BoolVar(&c.none, "no-config", false, "read no configuration")
	cmd.MarkFlagsMutuallyExclusive("config", "no-config")
}

// finder returns what finds the configurations, nil if there are none.
func (c *configured) finder() *config.Finder {
	if c.none {
		return nil
	}
	return &config.Finder{File: c.file}
}

// inFiles returns the profile of each file: that of the folders, which a Go program has
// written, below the configuration of the file, below what the command line gives. A
// profile of the command line replaces what the others say about the cluster.
func (a *app) inFiles(set manifest.LoadResult, finder *config.Finder, given check.Profile, cluster bool) check.Profile {
	var base check.Profile
	if !cluster {
		base = set.Profile()
	}
	for _, c := range finder.Configs() {
		for _, w := range c.Warnings {
			_ = a.complain("warning: " + w)
		}
	}
	return finder.Profile(base, func(p *check.Profile) { *p = overridden(*p, given, cluster) })
}

// overridden returns the profile p with what the command line gives.
func overridden(p, given check.Profile, cluster bool) check.Profile {
	out := p
	if cluster {
		out = given
	}
	out.Complete = out.Complete || given.Complete
	out.Persona = cmp.Or(given.Persona, p.Persona)
	out.MaxFindings = cmp.Or(given.MaxFindings, p.MaxFindings)
	out.Severities = maps.Clone(p.Severities)
	for code, s := range given.Severities {
		if out.Severities == nil {
			out.Severities = map[string]diag.Severity{}
		}
		out.Severities[code] = s
	}
	out.Disabled = slices.Clone(given.Disabled)
	for _, code := range p.Disabled {
		if _, on := given.Severities[code]; !on {
			out.Disabled = append(out.Disabled, code)
		}
	}
	return out
}
