package yamlread

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTabBehindComment compares the search with a regular expression, for all short
// texts.
func TestTabBehindComment(t *testing.T) {
	want := regexp.MustCompile(`(^|[\r\n])[ \t]*#[^\r\n]*[\r\n]\s*\t\s*(#|$)`)
	const letters = "#\n\t \rx"
	found := 0
	var try func(s string)
	try = func(s string) {
		got := tabBehindComment(s)
		if got {
			found++
		}
		if got != want.MatchString(s) {
			assert.Equal(t, want.MatchString(s), got, "%q", s)
		}
		if len(s) < 7 {
			for _, c := range letters {
				try(s + string(c))
			}
		}
	}
	try("")
	assert.Positive(t, found)
	assert.False(t, tabBehindComment(strings.Repeat("# x # y\n \n", 100_000)+"\tz"), "and soon")
}
