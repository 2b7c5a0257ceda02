package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestRawBombs checks that the objects of templates are read with limits.
func TestRawBombs(t *testing.T) {
	for name, bomb := range growth.Bombs() {
		growth.Bounded(t, 200, name, func() {
			_, err := manifest.New(triggers.NewTemplate("t").Raw([]byte(bomb))).Objects()
			assert.ErrorContains(t, err, "template-invalid", name)
		})
	}
}
