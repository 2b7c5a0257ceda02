package pac

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestShapes checks that internal/pacmatch knows the types of the payloads. With
// TEKWRIGHT_UPDATE, it writes them.
func TestShapes(t *testing.T) {
	const file = "../../internal/pacmatch/shapes.txt"
	var b bytes.Buffer
	require.NoError(t, writeShapes(&b))
	if os.Getenv("TEKWRIGHT_UPDATE") != "" {
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String())
}
