package main

import (
	"testing"

	"github.com/tekwright/tekwright/internal/exampletest"
	"github.com/tekwright/tekwright/pkg/generate/generatetest"
)

func TestExample(t *testing.T) { exampletest.Example(t, system) }

// TestManifests is all that a project of your own needs.
func TestManifests(t *testing.T) {
	generatetest.Check(t, system, "-o", "manifests")
}
