//go:build unix

package cli_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPipeAsKustomization tests that a pipe in a directory is not waited for.
func TestPipeAsKustomization(t *testing.T) {
	archive(t, aTask)
	require.NoError(t, syscall.Mkfifo("kustomization.yaml", 0o600))
	exit, out, _ := ran("check", ".")
	assert.Equal(t, 1, exit)
	assert.Contains(t, out, "param-unknown")
}

// TestPipeAsBaseline tests that a pipe that a configuration names is not waited for.
func TestPipeAsBaseline(t *testing.T) {
	archive(t, aTask)
	require.NoError(t, syscall.Mkfifo("known.json", 0o600))
	require.NoError(t, os.WriteFile(".tekwright.yaml", []byte("baseline: known.json\n"), 0o600))
	exit, _, err := ran("check", ".")
	assert.Equal(t, 2, exit)
	assert.Contains(t, err, "cannot read the baseline known.json, which .tekwright.yaml:1:1 sets: not a regular file")
}
