package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
)

// TestConstants compares the constants with what the grammar writes.
func TestConstants(t *testing.T) {
	for text, v := range map[string]tekref.Variable{
		string(builder.RunName):      tekref.ContextOf("pipelineRun", "name"),
		string(builder.RunUID):       tekref.ContextOf("pipelineRun", "uid"),
		string(builder.RunNamespace): tekref.ContextOf("pipelineRun", "namespace"),
		string(builder.TaskRunName):  tekref.ContextOf("taskRun", "name"),
	} {
		assert.Equal(t, v.String(), text)
		assert.Contains(t, tekref.ContextFields(v.Owner), v.Name)
	}
}
