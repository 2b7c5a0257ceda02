// Package examples has the sources of the examples, from which tekwright init writes a new
// program. Each example is a program of its own: see the folders.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed */main.go all:*/manifests all:*/.tekton
var files embed.FS

// Files returns the main.go of each example, and the folders that it has written.
func Files() fs.FS { return files }
