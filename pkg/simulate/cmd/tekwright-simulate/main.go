// Tekwright-simulate is the command simulate of tekwright, which runs it. It is a program
// of its own because it links Tekton's controller.
package main

import (
	"context"
	"os"

	"golang.org/x/term"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/pkg/simulate/internal/command"
)

func main() {
	out := int(os.Stdout.Fd())
	os.Exit(cli.Run(context.Background(), append([]string{"simulate"}, os.Args[1:]...), cli.Streams{
		Simulate: command.Simulate,
		In:       os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Env:      os.Getenv,
		Terminal: term.IsTerminal(out), ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Size: func() (width, height int) {
			width, height, err := term.GetSize(out)
			if err != nil {
				return 0, 0
			}
			return width, height
		},
	}))
}
