package importer_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// packageOf returns the Go of the objects in a text, the set that it describes, and what is
// left.
func packageOf(t *testing.T, text string) (string, *manifest.Set, []runtime.Object) {
	t.Helper()
	objects, x := parse(t, text, "x.yaml")
	files := make([]string, len(objects))
	for i := range files {
		files[i] = "x.yaml"
	}
	file, left := importer.Package(x, objects, files)
	file.Package = "ci"
	printed, _, err := file.Print()
	require.NoError(t, err)
	s, err := plan.Run(file.Funcs[len(file.Funcs)-1])
	require.NoError(t, err)
	set, ok := s.(*manifest.Set)
	require.True(t, ok)
	return string(printed), set, left
}

// TestPackageAccepts shows that what the YAML has too is accepted, so that the set can be
// written, and that an error of the YAML is told apart from a warning.
func TestPackageAccepts(t *testing.T) {
	const task = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t, namespace: ci}
spec:
  params: [{name: x}]
  steps: [{name: s, image: registry.local/a:1, command: [sh], args: [-c, echo $(params.x)]}]
`
	source, set, left := packageOf(t, task+`---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p, namespace: ci}
spec:
  params: [{name: x}, {name: unused, default: ""}]
  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: $(params.x)}]}]
`)
	assert.Empty(t, left)
	require.NoError(t, set.Build())
	assert.Contains(t, source, `Code: "param-unused",`)
	assert.Contains(t, source, `Code: "input-in-script",`)
	assert.Contains(t, source, `Namespace("ci")`)

	source, set, _ = packageOf(t, task+`---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p, namespace: ci}
spec:
  tasks: [{name: a, taskRef: {name: t}}]
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: u, namespace: other}
spec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}
`)
	require.NoError(t, set.Build())
	assert.Contains(t, source, "param-missing")
	assert.Contains(t, source, "the YAML has it too")
	assert.Contains(t, source, `NamespaceOf("Task", "u", "other")`)
}

// TestPackageLeft has objects that a package cannot have.
func TestPackageLeft(t *testing.T) {
	_, set, left := packageOf(t, `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec: {}
---
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: a}
spec: {image: registry.local/a:1, command: [a]}
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}
`)
	assert.Len(t, left, 1)
	objects, err := set.Objects()
	require.NoError(t, err)
	assert.Len(t, objects, 2)
}

// TestPackageReads shows how the Go of a package reads.
func TestPackageReads(t *testing.T) {
	text, err := os.ReadFile("testdata/release.yaml")
	require.NoError(t, err)
	source, _, left := packageOf(t, string(text))
	assert.Empty(t, left)
	golden.Check(t, "testdata/release.go.txt", []byte(source))
}
