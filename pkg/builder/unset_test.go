package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// forgetful leaves a field of its output unset.
type forgetful struct{}

func (forgetful) TaskName() string { return "forgetful" }

func (forgetful) Define(t *builder.Task) ConvOut {
	t.Step("s").Image(image).Script("true")
	return ConvOut{PipelineTask: t.PipelineTask()}
}

// TestUnsetOutput: one mistake is one finding, and no variable is named that nobody
// wrote.
func TestUnsetOutput(t *testing.T) {
	p := builder.NewPipeline("p")
	out := builder.Add(p, "a", forgetful{})
	p.Result("part", out.Part)
	for _, f := range p.Findings() {
		if f.Severity == diag.Error {
			assert.Equal(t, "output-unset", f.Code, "%v", f)
		}
		assert.NotContains(t, f.Message, "context.")
	}
}
