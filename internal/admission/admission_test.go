package admission

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

const task = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: hello
spec:
  steps:
    - image: alpine
      script: echo hello
`

func TestStream(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a task": {task, ""},
		"two documents": {"# c\n---\n" + task + "---\n" +
			"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n", ""},
		"a name made up later": {"apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  generateName: r-\nspec:\n  pipelineRef:\n    name: p\n", ""},
		"alpha and flagged features": {`apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: p
spec:
  params:
    - name: a
      enum: [x, z]
  tasks:
    - name: child
      pipelineRef:
        name: other
      when:
        - cel: "'$(params.a)' == 'x'"
`, ""},
		"an upstream listener": {`apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata:
  name: l
spec:
  serviceAccountName: s
  triggers:
    - bindings: [{ref: b}]
      template: {ref: t}
`, ""},
		"no document":       {"# nothing\n", "no document"},
		"no YAML":           {"a: [", "line 1: "},
		"unknown kind":      {"apiVersion: tekton.dev/v1\nkind: task\n", `line 1: kind "task" of "tekton.dev/v1" is unknown`},
		"duplicate key":     {task + "kind: Task\n", `key "kind" already set`},
		"unknown field":     {task + "      comand: [x]\n", `unknown field "spec.steps[0].comand"`},
		"wrong case":        {task + "      workingdir: /\n", `unknown field "spec.steps[0].workingdir"`},
		"second document":   {task + "---\n" + task + "  step: 1\n", `line 10: unknown field "spec.step"`},
		"no name":           {"apiVersion: v1\nkind: Secret\n", "are missing"},
		"refused":           {task + "      command: [x]\n", "script cannot be used with command"},
		"refused by beta":   {"apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata:\n  name: a\nspec: {}\n", "missing field(s): spec.Image"},
		"refused, triggers": {"apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata:\n  name: a\nspec: {}\n", "spec.resourcetemplates"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Stream([]byte(c.in))
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

// TestPanic feeds a run on which upstream's Validate is known to panic.
func TestPanic(t *testing.T) {
	err := Stream([]byte(`apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: r
spec:
  pipelineSpec:
    params:
      - name: o
        type: object
        properties: {k: {type: string}}
    tasks:
      - name: t
        params:
          - name: o
            value: {k: v}
        taskSpec:
          params:
            - name: o
              type: object
              properties: {k: {type: string}}
          steps:
            - image: alpine
              script: echo $(params.o.k)
`))
	assert.ErrorContains(t, err, "upstream panicked")
}

func TestObjectIsKept(t *testing.T) {
	run := &pipelinev1.TaskRun{}
	run.GenerateName = "r-"
	run.Spec.TaskRef = &pipelinev1.TaskRef{Name: "t"}
	before := run.DeepCopy()
	require.NoError(t, Object(run))
	assert.Equal(t, before, run)

	assert.ErrorContains(t, Object(&corev1.SecretList{}), "no metadata")
}
