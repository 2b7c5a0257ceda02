package yamlread

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestGrowth tests that aliases in many documents have a limit together, whatever they refer
// to, and that documents without aliases are read when it is exceeded.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	long := strings.Repeat("x", 2000)
	for name, c := range map[string]struct {
		document string
		read     int // documents until the limit
	}{
		"texts":          {"a: &a " + long + "\nb: [" + strings.Repeat("*a,", 7000) + "]\n", 2},
		"values":         {"a: &a {x: 1, y: [2, 3]}\nb: [" + strings.Repeat("*a,", 20_000) + "]\n", 5},
		"keys":           {"? &a " + long + "\n: [" + strings.Repeat("{? *a : 1},", 7000) + "]\n", 2},
		"texts of keys":  {"? &a " + long + "\n: [" + strings.Repeat("*a,", 7000) + "]\n", 2},
		"merges":         {"a: &a {b: " + long + "}\nb: [" + strings.Repeat("{<<: *a},", 7000) + "]\n", 2},
		"fair documents": {"a: &a {x: 1, y: [2, 3]}\nb: [" + strings.Repeat("*a,", 100) + "]\n", 50},
	} {
		read, left, growth := 0, 0, int64(0)
		for d := range Documents(strings.Repeat("---\n"+c.document, 50) + "---\nc: 1\n") {
			growth += d.Growth
			switch {
			case d.Problem == nil:
				read++
				assert.NotNil(t, d.Root, name)
			default:
				left++
				assert.Equal(t, Limit, d.Problem.Trouble, name)
				assert.Equal(t, errGrowth.Error(), d.Problem.Message, name)
			}
		}
		assert.Equal(t, c.read+1, read, name)
		assert.Equal(t, 50-c.read, left, name)
		assert.LessOrEqual(t, growth, int64(FreeGrowth+51*len(c.document)), name)
	}
	for d := range Documents("a: &a " + long + "\nb: [" + strings.Repeat("*a,", 10_000) + "]\n") {
		if assert.NotNil(t, d.Problem) {
			assert.Equal(t, errSpread.Error(), d.Problem.Message, "a document of its own")
		}
	}
}
