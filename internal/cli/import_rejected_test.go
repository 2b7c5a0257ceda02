package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/importer/project"
)

// TestRejected has an error that a set cannot accept: the test of the package will fail.
func TestRejected(t *testing.T) {
	i := &importing{app: &app{}, dir: "ci"}
	s := &project.Summary{Objects: []project.Object{{Kind: "Task", Name: "a"}}, Files: &project.Changes{Write: []string{"set.go"}}}
	text := func() string {
		w := importText{Summary: s, i: i, module: module{file: "go.mod"}}
		w.write()
		return w.b.String()
	}
	assert.Equal(t, clean, i.status(s))
	assert.Contains(t, text(), "# the Go describes the YAML")
	s.Rejected = []project.Rejected{{File: "tekton/a.yaml", Line: 3, Column: 1, Kind: "Task", Name: "a", Code: "param-unused", Message: "it is unused"}}
	assert.Equal(t, found, i.status(s))
	assert.Contains(t, text(), `tekton/a.yaml:3:1: Task "a": param-unused: it is unused`)
	assert.NotContains(t, text(), "the Go describes the YAML\n")
	assert.Contains(t, text(), "# fails until")
}
