package cli

import (
	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/config"
)

// config returns the command config.
func (a *app) config() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Write and explain configurations",
		Long: `A configuration is a file ` + config.Name + `. It says which rules apply to which files,
what is excluded, and what the cluster is like:

  persona: pedantic
  severities:
    image-floating: error
    param-unused: off
  exclude: [charts, testdata]
  baseline: .tekwright-baseline.json
  overrides:
    - paths: [samples/**]
      severities: {image-floating: note}

  complete: true
  features: [enable-param-enum]

The configuration of a file is the nearest one in its directory or above, up to the
root of the git repository. A setting comes from the first of these that has it:
flags, the file of --profile, the configuration, the file that its field profile
refers to, and the file .tekwright-check, which Go programs write.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.configInit(), a.configExplain(), a.configSchema())
	return cmd
}

// configSchema returns the command config schema.
func (a *app) configSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of configurations",
		Long: `Schema prints the JSON Schema of configurations, with which editors complete and check
them. It is also published as docs/config.schema.json.`,
		Example: `  tekwright config schema > tekwright.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return printable.Fprintf(a.Out, "%s", printable.Text(string(config.Schema())))
		},
	}
}
