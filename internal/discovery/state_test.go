package discovery_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/discovery"
)

// TestWhole tests that files are read again if they were replaced in the meantime,
// even if they were replaced completely.
func TestWhole(t *testing.T) {
	dir := t.TempDir()
	at := time.Unix(1_700_000_000, 0)
	replaced := func() {
		at = at.Add(time.Millisecond)
		list := filepath.Join(dir, discovery.List)
		require.NoError(t, os.WriteFile(list, nil, 0o600))
		require.NoError(t, os.Chtimes(list, at, at))
	}
	for _, c := range []struct {
		name  string
		each  func(attempt int)
		whole bool
		reads int
	}{
		{"a foreign folder", func(int) {}, true, 1},
		{"written for the first time", func(i int) {
			if i == 1 {
				replaced()
			}
		}, true, 2},
		{"unchanged", func(int) {}, true, 1},
		{"replaced twice", func(i int) {
			if i <= 2 {
				replaced()
			}
		}, true, 3},
		{"replaced always", func(int) { replaced() }, false, discovery.Attempts},
		{"being replaced", func(i int) {
			mark := filepath.Join(dir, discovery.Unfinished)
			if i == 1 {
				require.NoError(t, os.WriteFile(mark, nil, 0o600))
			} else if i == 4 {
				require.NoError(t, os.Remove(mark))
			}
		}, true, 5},
	} {
		reads := 0
		wrong := errors.New("wrong")
		whole, err := discovery.Whole(dir, func() error {
			reads++
			c.each(reads)
			return wrong
		})
		assert.Equal(t, c.whole, whole, c.name)
		assert.Equal(t, c.reads, reads, c.name)
		if whole {
			assert.Equal(t, wrong, err, c.name)
		}
	}

	// Find also notices changes in folders below.
	inner := filepath.Join(dir, "a", "b")
	require.NoError(t, os.MkdirAll(inner, 0o700))
	found := discovery.Find(t.Context(), []string{dir}, false, nil, nil)
	assert.Empty(t, found.Mixed())
	require.NoError(t, os.WriteFile(filepath.Join(inner, discovery.List), nil, 0o600))
	assert.Equal(t, []string{inner}, found.Mixed())
}
