package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// choice is a flag whose value is one of a few words.
type choice struct {
	value   string
	allowed []string
}

// String returns the chosen word.
func (c *choice) String() string { return c.value }

// Type returns the name of the value in --help.
func (c *choice) Type() string { return "word" }

// Set sets the word.
func (c *choice) Set(word string) error {
	if !slices.Contains(c.allowed, word) {
		return fmt.Errorf("must be %s", alternatives(c.allowed))
	}
	c.value = word
	return nil
}

// flag adds a flag for the choice, with shell completion.
func (c *choice) flag(cmd *cobra.Command, name, short, usage string) {
	cmd.Flags().VarP(c, name, short, usage)
	complete(cmd, name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return c.allowed, cobra.ShellCompDirectiveNoFileComp
	})
}

// complete registers shell completion for a flag.
func complete(cmd *cobra.Command, name string, f cobra.CompletionFunc) {
	// It fails only for a flag that does not exist, which the tests would show.
	_ = cmd.RegisterFlagCompletionFunc(name, f)
}
