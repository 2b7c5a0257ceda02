package builder

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGoHelp checks that the rules still use the help texts that are replaced.
func TestGoHelp(t *testing.T) {
	all, err := os.ReadFile("../../internal/rules/testdata/help.txt")
	require.NoError(t, err)
	for help := range goHelp {
		assert.Contains(t, string(all), ": "+help+"\n")
	}
}
