package main

import (
	"testing"

	"github.com/tekwright/tekwright/internal/verify"
)

func TestExample(t *testing.T) { verify.Example(t, system) }
