//go:build unix

package bind_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/bind"
)

// TestPipe tests that nothing waits for a pipe in the place of a Task, named or in a folder.
func TestPipe(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("tasks", 0o700))
	require.NoError(t, syscall.Mkfifo("tasks/a.yaml", 0o600))
	for _, source := range []string{"tasks/a.yaml", "tasks"} {
		_, err := bind.Plan(t.Context(), bind.Options{Sources: []string{source}, Output: "bound.go", Package: "ci"})
		assert.Error(t, err, source)
	}
}
