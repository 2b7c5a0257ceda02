package importer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/importer"
)

// TestMatrixOfAnother has a matrix of a param that the only Task of the name does not declare, or
// declares as an array: the pipeline means another version of the Task.
func TestMatrixOfAnother(t *testing.T) {
	for _, params := range []string{"[]", "[{name: platform, type: array}]"} {
		objects, x := parse(t, `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec: {params: `+params+`, steps: [{name: s, image: registry.local/a:1, command: [a]}]}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: platforms, type: array}]
  tasks: [{name: a, taskRef: {name: build}, matrix: {params: [{name: platform, value: [$(params.platforms)]}]}}]
`, "x.yaml")
		r := importer.Import(x, objects[1], "x.yaml")
		assert.NotNil(t, r.Func, r.Reason)
		assert.Empty(t, r.Hatches)
		assert.Empty(t, r.Faults)
	}
}
