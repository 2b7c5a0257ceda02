package discovery_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/discovery"
)

// TestFindEndsWithContext tests that no directory is walked after the context has ended.
func TestFindEndsWithContext(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		require.NoError(t, os.Mkdir(filepath.Join(dir, fmt.Sprintf("d%02d", i)), 0o700))
		for j := range 20 {
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("d%02d/%02d.yaml", i, j)), nil, 0o600))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	found := discovery.Find(ctx, []string{dir, filepath.Join(dir, "d19/19.yaml")}, false, nil, func(string) bool {
		if calls++; calls == 100 {
			cancel()
		}
		return false
	})
	assert.Equal(t, 100, calls, "the walk goes on")
	assert.Greater(t, len(found.Files), 50, "what was found is kept")
	assert.Less(t, len(found.Files), 101)
	assert.True(t, found.Cut)
}
