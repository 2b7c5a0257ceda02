package tekwright_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDependencies shows that each direct dependency has a reason, at the end of
// its line in go.mod: what does it do that nothing here does?
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	assert.NotRegexp(t, `(?m)^replace`, string(mod), "a replace directive does not reach those who import the module")
	required := regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+) v\S+(?: // (.*))?$`).FindAllSubmatch(mod, -1)
	require.NotEmpty(t, required)
	for _, r := range required {
		assert.NotEmpty(t, r[2], "%s is a new dependency: say why, in a comment at the end of its line", r[1])
	}
}
