package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/check"
)

// TestProfileBombs checks that a profile is read with limits.
func TestProfileBombs(t *testing.T) {
	for name, bomb := range growth.Bombs() {
		growth.Bounded(t, 100, name, func() {
			_, err := check.ReadProfile([]byte(bomb))
			assert.ErrorContains(t, err, "not valid YAML", name)
		})
	}
}
