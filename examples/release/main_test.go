package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
)

// The committed manifests are what the program writes.
func TestManifests(t *testing.T) {
	require.NoError(t, release().CheckDir("manifests"), "run go generate ./examples/release")
}

// The stream is what the folder holds, admitted by upstream.
func TestStream(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, release().Write(&out))
	golden.YAML(t, filepath.Join("testdata", "release.yaml"), out.Bytes())
}

// A program that is not much shorter than its YAML would not be worth it.
func TestFourTimesShorter(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, release().Write(&out))
	source, err := os.ReadFile("main.go")
	require.NoError(t, err)
	program, yaml := lines(string(source), "//"), lines(out.String(), "#")
	t.Logf("%d lines of Go, %d lines of YAML", program, yaml)
	require.GreaterOrEqual(t, yaml, 4*program)
}

// lines counts lines that are neither blank nor a comment.
func lines(text, comment string) int {
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, comment) {
			n++
		}
	}
	return n
}
