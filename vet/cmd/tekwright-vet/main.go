// Command tekwright-vet reports Go code that treats a tekwright handle, such as a
// builder.String, as the value that it has when a pipeline runs.
//
// It runs under go vet or by itself:
//
//	go vet -vettool=$(which tekwright-vet) ./...
//	tekwright-vet ./...
//
// See docs/vet.md in the repository for what it reports.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/tekwright/tekwright/vet"
)

func main() { multichecker.Main(vet.Analyzer) }
