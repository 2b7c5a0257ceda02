//go:build unix

package project_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
)

// TestPipe tests that an import does not wait for a pipe in the place of import.json.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, project.StateFile), 0o600))
	_, err := project.ReadState(dir)
	require.ErrorContains(t, err, "is not a regular file")
}
