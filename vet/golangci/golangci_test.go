package golangci_test

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis"

	"github.com/tekwright/tekwright/vet"
	"github.com/tekwright/tekwright/vet/golangci"
)

// TestPlugin does what golangci-lint does with a plugin.
func TestPlugin(t *testing.T) {
	create, err := register.GetPlugin(golangci.Name)
	require.NoError(t, err)
	plugin, err := create(nil)
	require.NoError(t, err)
	assert.Equal(t, register.LoadModeTypesInfo, plugin.GetLoadMode())
	analyzers, err := plugin.BuildAnalyzers()
	require.NoError(t, err)
	assert.Equal(t, []*analysis.Analyzer{vet.Analyzer}, analyzers)
	assert.NoError(t, analysis.Validate(analyzers))

	_, err = create(map[string]any{})
	assert.NoError(t, err)
	_, err = create(map[string]any{"strict": true})
	assert.EqualError(t, err, "linter tekwright has no settings")
}
