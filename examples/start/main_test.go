package main

import (
	"testing"

	"github.com/tekwright/tekwright/internal/exampletest"
)

func TestExample(t *testing.T) { exampletest.Example(t, system) }
