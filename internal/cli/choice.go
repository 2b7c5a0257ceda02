package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// choice is the value of a flag that is one of a few words.
type choice struct {
	value   string
	allowed []string
}

// String is the word that was chosen.
func (c *choice) String() string { return c.value }

// Type is what --help calls the value.
func (c *choice) Type() string { return "word" }

// Set chooses a word.
func (c *choice) Set(word string) error {
	if !slices.Contains(c.allowed, word) {
		return fmt.Errorf("write %s", alternatives(c.allowed))
	}
	c.value = word
	return nil
}

// flag adds a flag for the choice, which the shell completes.
func (c *choice) flag(cmd *cobra.Command, name, short, usage string) {
	cmd.Flags().VarP(c, name, short, usage)
	complete(cmd, name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return c.allowed, cobra.ShellCompDirectiveNoFileComp
	})
}

// complete lets the shell complete the values of a flag.
func complete(cmd *cobra.Command, name string, f cobra.CompletionFunc) {
	// It fails only for a flag that is not there, and help tells the same.
	_ = cmd.RegisterFlagCompletionFunc(name, f)
}
