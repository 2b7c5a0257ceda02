package vet_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/tekwright/tekwright/vet"
)

// TestAnalyzer shows what is reported and, as much of it, what is not.
func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer,
		"compare", "literals", "lookinside", "hash", "printing", "scope", "unused")
}

// TestFixes shows the one fix.
func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), vet.Analyzer, "format")
}
