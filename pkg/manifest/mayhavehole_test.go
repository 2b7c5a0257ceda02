package manifest

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMayHaveHole shows that no placeholder is passed over.
func TestMayHaveHole(t *testing.T) {
	random, found := rand.New(rand.NewSource(1)), 0
	fragments := strings.Split(`$ { } < > @ % _ __ ( (( ) )) \ // . : - A NAME name 0 é`, " ")
	fragments = append(fragments, " ")
	for range 50_000 {
		var b strings.Builder
		for range 1 + random.Intn(8) {
			b.WriteString(fragments[random.Intn(len(fragments))])
		}
		if s := b.String(); hole().MatchString(s) {
			assert.True(t, mayHaveHole(s), "%q", s)
			found++
		}
	}
	assert.Greater(t, found, 1000)
}
