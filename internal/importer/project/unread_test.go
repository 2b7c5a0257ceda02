package project_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
)

// TestUnquoted tests that the copies of what was imported can be read, also if a variable of
// Pipelines-as-Code is not quoted in the original.
func TestUnquoted(t *testing.T) {
	s, p := made(t, options, folder(t, map[string]string{".tekton/run.yaml": `# The only one.
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: push
spec:
  pipelineRef: {name: p}
  params:
    - name: revision
      value: {{revision}}
`}))
	require.NotEmpty(t, s.Unread)
	require.Len(t, p.Objects, 1)
	texts := map[string]string{}
	for _, f := range p.Files {
		texts[f.Name] = string(f.Text)
	}
	copies := folder(t, texts)
	originals, err := proof.Read(t.Context(), filepath.Join(copies, "testdata", "import"))
	require.NoError(t, err)
	set, err := project.Set(s, options)
	require.NoError(t, err)
	described, err := proof.Described(set)
	require.NoError(t, err)
	assert.Empty(t, proof.Compare(originals.Objects, described, proof.Options{}))
}
