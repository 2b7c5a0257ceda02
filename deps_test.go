package tekwright_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// TestDependencies shows that each direct dependency has a reason, at the end of
// its line in go.mod: what does it do that nothing here does?
func TestDependencies(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	mod, err := modfile.Parse("go.mod", text, nil)
	require.NoError(t, err)
	assert.Empty(t, mod.Replace, "a replace directive does not reach those who import the module")
	for _, r := range mod.Require {
		assert.NotEmpty(t, r.Syntax.Suffix, "%s is a new dependency: say why, in a comment at the end of its line", r.Mod.Path)
	}
}
