package vet_test

import (
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/passes/nilness"

	"github.com/tekwright/tekwright/vet"
)

// A program that runs the analyzer with others, by itself or as a -vettool.
func ExampleAnalyzer() {
	multichecker.Main(vet.Analyzer, nilness.Analyzer)
}
