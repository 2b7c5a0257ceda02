// Command tekwright checks the YAML of Tekton. See tekwright --help.
package main

import (
	"context"
	"os"

	"github.com/tekwright/tekwright/internal/cli"
)

func main() {
	info, err := os.Stdout.Stat()
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Env:      os.Getenv,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0,
	}))
}
