package growth_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/growth"
)

// TestGrowth checks texts of many kinds that might take more than their share of
// time: reading, every rule, and the report.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large texts")
	}
	for _, f := range growth.Texts() {
		t.Run(f.Name, func(t *testing.T) {
			growth.Linear(t, f.Size, func(n int) (work func()) { return checking(f.Text(n)) })
		})
	}
}

// checking returns a call of the command check for a stream.
func checking(stdin string) (work func()) {
	return func() {
		cli.Run(context.Background(), []string{"check", "-"}, cli.Streams{
			In: strings.NewReader(stdin), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" },
		})
	}
}
