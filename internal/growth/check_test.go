package growth_test

import (
	"testing"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/growth/command"
)

// TestGrowth checks texts of many kinds that might take more than their share of
// time: reading, every rule, and the report.
func TestGrowth(t *testing.T) {
	growth.Check(t, growth.Texts(), func(text string) func() { return command.Checking(text, "-") })
}
