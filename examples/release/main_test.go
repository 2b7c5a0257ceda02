package main

import (
	"testing"

	"github.com/tekwright/tekwright/examples/internal/verify"
)

func TestExample(t *testing.T) { verify.Example(t, release) }
