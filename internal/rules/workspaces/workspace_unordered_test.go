package workspaces

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "a", true}, {"a", "a", true}, {"a", "a/b", true}, {"a/", "./a", true}, {"a", "ab", false},
		{"a/b", "a/c", false}, {"$(params.x)", "a", false}, {"$(params.x)", "$(params.x)", true}, {"", "$(params.x)", true},
	} {
		assert.Equal(t, c.want, overlap(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, overlap(c.b, c.a), "%q %q", c.b, c.a)
	}
}
