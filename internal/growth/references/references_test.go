// Package references_test tests how the cost of the command grows for objects that refer to each
// other. It is a package of its own, as those of reports are.
package references_test

import (
	"testing"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/growth/command"
)

// TestGrowth checks objects that might take more than their share of time.
func TestGrowth(t *testing.T) {
	growth.Check(t, growth.References(), func(text string) func() { return command.Checking(text, "-") })
}
