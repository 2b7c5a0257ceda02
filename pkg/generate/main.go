package generate

import (
	"os"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// Main runs the command line for the set with the arguments, the environment and the
// standard streams of the process, and exits.
func Main(set *manifest.Set) {
	os.Exit(Run(set, Env{
		Name: os.Args[0], Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr, Terminal: terminal(os.Stderr),
		Values: manifest.SecretValues{Env: os.LookupEnv, File: os.ReadFile},
	}))
}

// terminal reports whether the file is a terminal.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
