package main

import (
	"io"
	"testing"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/bench/typed"
)

// BenchmarkProgram is what ./ours does, for profiles.
func BenchmarkProgram(b *testing.B) {
	for b.Loop() {
		if err := manifest.New(typed.Pipeline("all", "job-", 500)).Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
