package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestUnknownKinds tests objects of unknown kinds that were not read by
// manifest.Parse.
func TestUnknownKinds(t *testing.T) {
	for _, c := range [][3]string{
		{"tekton.dev/v1", "Pipelines", `kind-unknown kind: Tekton has no kind "Pipelines"`},
		{"v1", "Task", `kind-unknown apiVersion: Tekton serves no Task of v1`},
		{"tekton.dev/v1beta2", "pipelinerun", `kind-unknown kind: Tekton has no kind "pipelinerun"`},
		{"kubeflow.org/v1", "Pipeline", ""},
	} {
		found := of(runAll([]object.Object{{Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": c[0], "kind": c[1], "metadata": map[string]any{"name": "a"},
		}}}}, check.Profile{}), check.KindUnknown)
		if c[2] == "" {
			assert.Empty(t, found, c[1])
		} else if assert.Len(t, found, 1, c[1]) {
			assert.Equal(t, c[2], found[0].Code+" "+found[0].Path.String()+": "+found[0].Message)
		}
	}
}

// TestFormOfParams tests param values of the wrong type in structs created in Go,
// which the YAML readers would report differently.
func TestFormOfParams(t *testing.T) {
	objects := must(t, `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: o, properties: {a: {}}}, {name: l, type: array}]
  steps: [{image: "x:1", args: [$(params.o.a), "$(params.l[*])"]}]
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec: {taskRef: {name: t}, params: [{name: o, value: {a: no}}, {name: l, value: [1, 2]}]}
`)
	found := of(runAll(objects, check.Profile{}), check.ParamType)
	if assert.Len(t, found, 2) {
		assert.Equal(t, `TaskRun "r" sets param "o" to a string, but it is declared as an object`, found[0].Message)
		assert.Equal(t, `TaskRun "r" sets param "l" to a string, but it is declared as an array`, found[1].Message)
	}
}
