//go:build unix

package cli_test

import (
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
