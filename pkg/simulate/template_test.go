package simulate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/simulate"
)

const templates = `
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: push, namespace: ci}
spec:
  params: [{name: sha}, {name: branch, default: main}]
  resourcetemplates:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: seen}
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      metadata: {generateName: build-$(tt.params.branch)-}
      spec:
        params:
          - {name: note, value: "$(tt.params.sha) of $(tt.params.branch)"}
          - {name: level, value: low}
        pipelineSpec:
          params: [{name: note}, {name: level}]
          tasks:
            - name: build
              when: [{input: $(tt.params.branch), operator: in, values: [main]}]
              params: [{name: note, value: $(params.note)}, {name: level, value: $(params.level)}]
              taskSpec:
                params: [{name: note}, {name: level}]
                steps: [{image: registry.local/tool, script: "true"}]
---
apiVersion: triggers.tekton.dev/v1alpha1
kind: TriggerTemplate
metadata: {name: two}
spec:
  resourcetemplates:
    - {apiVersion: tekton.dev/v1beta1, kind: TaskRun, metadata: {name: first}, spec: {taskSpec: {steps: [{image: i, script: "1"}]}}}
    - {apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {generateName: second-}, spec: {taskSpec: {steps: [{image: i, script: "2"}]}}}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: none}
spec:
  resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}]
`

// TestTriggerTemplate: the run of a TriggerTemplate is simulated by its name, with its params.
func TestTriggerTemplate(t *testing.T) {
	set := read(t, templates)
	r, err := simulate.Run(set, "TriggerTemplate/push", simulate.Script{Params: map[string]any{"sha": "a\"b\n$(c)", "level": "high"}})
	require.NoError(t, err)
	assert.Equal(t, "build-main-xxxxx", r.Name)
	assert.True(t, r.Succeeded(), r.Condition.Message)
	// A $( of an event does not become a variable: Tekton Triggers doubles the dollar.
	assert.Contains(t, r.Task("build").Param("note"), "a\"b\n$")
	assert.Contains(t, r.Task("build").Param("note"), " of main")
	assert.Equal(t, "high", r.Task("build").Param("level"), "a param of the run")
	assert.Empty(t, r.Notes)

	for _, name := range []string{"push", "build-$(tt.params.branch)-"} {
		r, err = simulate.Run(set, name, simulate.Script{Params: map[string]any{"branch": "next"}})
		require.NoError(t, err)
		assert.Equal(t, "build-next-xxxxx", r.Name)
		assert.Equal(t, []string{"build"}, r.Skipped())
		assert.Equal(t, []simulate.Note{{Code: simulate.NoteParam, Message: `param "sha" of TriggerTemplate/push has no value`}}, r.Notes)
	}

	r, err = simulate.Run(set, "two/second-", simulate.Script{})
	require.NoError(t, err)
	assert.Equal(t, "second-xxxxx", r.Name)
	r, err = simulate.Run(set, "TaskRun/first", simulate.Script{})
	require.NoError(t, err)
	assert.Equal(t, "first", r.Name)

	for name, want := range map[string]string{
		"two":                "TriggerTemplate/two creates 2 runs, give the name of one: TriggerTemplate/two/first, TriggerTemplate/two/second-",
		"two/frist":          `Did you mean "TriggerTemplate/two/first"?`,
		"TriggerTemplate/no": "there is no run",
		"none":               "TriggerTemplate/none creates no PipelineRun and no TaskRun",
		"":                   "give the name of one of: TriggerTemplate/push, TriggerTemplate/two, TriggerTemplate/none",
	} {
		_, err := simulate.Run(set, name, simulate.Script{})
		assert.ErrorContains(t, err, want, name)
	}
	_, err = simulate.Run(set, "push", simulate.Script{Params: map[string]any{"sha": []string{"x"}}})
	assert.ErrorContains(t, err, `param "sha" of TriggerTemplate/push must be a string`)
}

// TestUnknownTemplateParam: a param without a value may be in the name and the namespace, and
// All tries what it is compared with.
func TestUnknownTemplateParam(t *testing.T) {
	set := read(t, `
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: push, namespace: ci}
spec:
  params: [{name: Branch}]
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      metadata: {name: build-$(tt.params.Branch)-$(uid), namespace: ci-$(tt.params.Branch)}
      spec:
        pipelineSpec:
          tasks:
            - name: build
              when: [{input: $(tt.params.Branch), operator: in, values: [main]}]
              taskSpec: {steps: [{image: registry.local/tool, script: "true"}]}
`)
	ways, err := simulate.All(set, "push", simulate.Script{}, 0)
	require.NoError(t, err)
	require.Len(t, ways.Ways, 2)
	assert.Equal(t, []string{"build"}, ways.Ways[0].Result.Skipped())
	assert.Equal(t, []simulate.Value{{Name: "params.Branch", Value: "main"}}, ways.Ways[1].Assumed)
	assert.Equal(t, []string{"build"}, ways.Ways[1].Result.Ran())
	assert.Regexp(t, "^build-xxxxx-0000", ways.Ways[0].Result.Name)
}

// loaded are objects of a folder as a source.
type loaded []object.Object

// Objects implements manifest.Source.
func (l loaded) Objects() ([]object.Object, error) { return l, nil }

// TestNearest: of objects of the same name in several folders, a reference means the nearest
// one, and never just any.
func TestNearest(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) {
		path = filepath.Join(dir, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	task := func(result string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: work}\nspec: {results: [{name: " + result + "}], steps: [{image: i, script: run}]}\n"
	}
	pipeline := "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: a, taskRef: {name: work}}]}\n"
	runOf := func(name string) string {
		return "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: " + name + "}\nspec: {pipelineRef: {name: p}}\n"
	}
	for _, f := range []string{"one", "two"} {
		write(f+"/task.yaml", task(f))
		write(f+"/pipeline.yaml", pipeline)
		write(f+"/run.yaml", runOf(f))
	}
	simulated := func(name string) (*simulate.Result, error) {
		all, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
		require.NoError(t, err)
		return simulate.Run(loaded(all.Objects), name, simulate.Script{})
	}
	for _, f := range []string{"one", "two"} {
		r, err := simulated(f)
		require.NoError(t, err)
		assert.Equal(t, "<tasks.a.results."+f+">", r.Task("a").Result(f))
	}
	_, err := simulated("p")
	require.ErrorContains(t, err, "2 objects have this name, leave out the others: Pipeline/p in ")
	assert.ErrorContains(t, err, filepath.Join("one", "pipeline.yaml"))
	_, err = simulated("Task/work")
	require.ErrorContains(t, err, "2 objects have this name")

	// A run outside of both is equally near to the Pipelines, which are the same, but then to two Tasks.
	write("run.yaml", runOf("outside"))
	r, err := simulated("outside")
	require.NoError(t, err)
	assert.Equal(t, "<tasks.a.results.one>", r.Task("a").Result("one"), "the Task in the folder of the Pipeline")
	write("two/pipeline.yaml", pipeline+"  \n")
	write("one/pipeline.yaml", "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: b, taskRef: {name: work}}]}\n")
	_, err = simulated("outside")
	require.ErrorContains(t, err, `"p" means several objects that are equally near: Pipeline/p in `)
	write("three/run.yaml", "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: three}\nspec: {taskRef: {name: work}}\n")
	_, err = simulated("three")
	require.ErrorContains(t, err, `"work" means several objects that are equally near: Task/work in `)
}

// TestOnlyPipeline: without a run, the only Pipeline needs no name.
func TestOnlyPipeline(t *testing.T) {
	const pipeline = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: svc}\nspec: {tasks: [{name: a, taskSpec: {steps: [{image: x, script: s}]}}]}\n"
	const other = "---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{image: x, script: s}]}\n"
	r, err := simulate.Run(read(t, pipeline+other), "", simulate.Script{})
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, r.Ran())
	_, err = simulate.Run(read(t, pipeline+"---\n"+strings.Replace(pipeline, "svc", "two", 1)), "", simulate.Script{})
	assert.ErrorContains(t, err, "give the name of one of: Pipeline/svc, Pipeline/two")
}
