// Package command is the work whose growth the tests below package growth measure.
package command

import (
	"context"
	"io"
	"strings"

	"github.com/tekwright/tekwright/internal/cli"
)

// Checking returns a call of the command check for a stream, with more arguments.
func Checking(stdin string, args ...string) (work func()) {
	args = append([]string{"check"}, args...)
	return func() {
		cli.Run(context.Background(), args, cli.Streams{
			In: strings.NewReader(stdin), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" },
		})
	}
}
