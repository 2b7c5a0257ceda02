package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/builder"
)

// TestFromYAMLBombs checks that the YAML of a task is read with limits.
func TestFromYAMLBombs(t *testing.T) {
	for name, bomb := range growth.Bombs() {
		growth.Bounded(t, 200, name, func() {
			p := builder.NewPipeline("p")
			builder.Add(p, "a", Named{[]byte(bomb)})
			_, err := p.Objects()
			assert.ErrorContains(t, err, "source-invalid", name)
		})
	}
}
