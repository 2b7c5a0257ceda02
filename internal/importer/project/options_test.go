package project_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/folderlock"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
)

// texts returns the files of a project.
func texts(p *project.Project) map[string]string {
	out := map[string]string{}
	for _, f := range p.Files {
		out[f.Name] = string(f.Text)
	}
	return out
}

// compiles checks that the Go of a project compiles.
var compiler = sync.OnceValue(func() *compile.Checker { return compile.New(".") })

func compiles(t *testing.T, p *project.Project) {
	t.Helper()
	files := map[string][]byte{}
	for _, f := range p.Files {
		if strings.HasSuffix(f.Name, ".go") && !strings.Contains(f.Name, "/") && !strings.HasSuffix(f.Name, "_test.go") {
			files[f.Name] = f.Text
		}
	}
	require.NoError(t, compiler().Check(context.Background(), files))
}

// describes checks that the set of the sources describes them.
func describes(t *testing.T, s *project.Sources, o project.Options, how proof.Options) {
	t.Helper()
	set, err := project.Set(s, o)
	require.NoError(t, err)
	got, err := proof.Described(set)
	require.NoError(t, err)
	assert.Empty(t, proof.Compare(project.Packages(s)[0].Objects, got, how))
}

const build = `# The Task builds.
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  description: Builds.
  params: [{name: url, type: string, description: Of the repository.}, {name: flags, type: array, default: []}]
  workspaces: [{name: source}]
  results: [{name: digest}]
  steps:
    - name: s
      image: registry.local/a:1
      onError: stopAndFail
      # It is slow.
      script: |
        echo "$1" > $(results.digest.path)
      args: [$(params.url), "$(params.flags[*])"]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: url}]
  workspaces: [{name: w}]
  tasks:
    - name: b
      taskRef: {name: build, kind: Task}
      workspaces: [{name: source, workspace: w}]
      params: [{name: flags, value: [a]}, {name: url, value: '$(params["url"])'}]
    - name: c
      runAfter: [b]
      taskSpec: {params: [{name: d}], steps: [{name: s, image: registry.local/a:1, args: [$(params.d)]}]}
      params: [{name: d, value: $(tasks.b.results.digest)}]
`

// TestExact keeps what means nothing: the kind of a reference, the order of params, a runAfter
// that follows from a result, and values that are defaults.
func TestExact(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": build})
	_, p := made(t, options, dir)
	assert.NotContains(t, texts(p)["pipeline_p.go"], "Mutate")
	o := options
	o.Exact = true
	s, exact := made(t, o, dir)
	all := texts(exact)
	assert.Contains(t, all["pipeline_p.go"], `Kind = "Task"`)
	assert.Contains(t, all["pipeline_p.go"], `RunAfter = []string{"b"}`)
	assert.Contains(t, all["task_build.go"], `OnError = "stopAndFail"`)
	assert.Contains(t, all["import_test.go"], "importtest.Exact()")
	compiles(t, exact)
	describes(t, s, o, proof.Options{Exact: true})
	for _, one := range exact.Objects {
		assert.Equal(t, project.StepMutate, one.Step, one.Name)
	}
}

// TestTasksAsYAML makes Tasks types with their inputs and results, which embed the YAML.
func TestTasksAsYAML(t *testing.T) {
	old := strings.ReplaceAll(strings.Split(build, "---\n")[0], "tekton.dev/v1", "tekton.dev/v1beta1")
	dir := folder(t, map[string]string{"a.yaml": build, "b.yaml": strings.ReplaceAll(old, "name: build", "name: old")})
	o := options
	o.TasksAsYAML = true
	s, p := made(t, o, dir)
	all := texts(p)
	assert.Contains(t, all["task_build.go"], "t.FromYAML(buildYAML)")
	assert.Contains(t, all["task_build.go"], "URL    builder.String")
	assert.Equal(t, strings.Split(build, "---\n")[0], all["tasks/build.yaml"]) // with its comments
	assert.Contains(t, all["tasks/old.yaml"], "apiVersion: tekton.dev/v1\n")
	assert.Contains(t, all["pipeline_p.go"], "Build{")
	compiles(t, p)
	describes(t, s, o, proof.Options{})
	for _, one := range p.Objects {
		if one.Kind == "Task" {
			assert.Equal(t, project.StepBound, one.Step)
			assert.Positive(t, one.Typed)
			assert.Less(t, one.Typed, one.Values)
		}
	}
}

// TestElsewhere has the inputs of a Task that is elsewhere.
func TestElsewhere(t *testing.T) {
	dir := folder(t, map[string]string{"p.yaml": `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
    - {name: b, taskRef: {resolver: bundles, params: [{name: bundle, value: registry.local/x}, {name: name, value: build}]}, params: [{name: url, value: x}]}
`})
	task := &v1.Task{}
	task.Name = "build"
	task.Spec.Params = v1.ParamSpecs{{Name: "url", Description: "Of the repository."}, {Name: "depth", Default: v1.NewStructuredValues("1")}}
	o := options
	o.Elsewhere = func(r *v1.TaskRef) *v1.Task {
		assert.Equal(t, v1.ResolverName("bundles"), r.Resolver)
		return task
	}
	s, p := made(t, o, dir)
	assert.Contains(t, texts(p)["elsewhere.go"], "Depth builder.String")
	assert.Contains(t, texts(p)["elsewhere.go"], "Of the repository.")
	compiles(t, p)
	describes(t, s, o, proof.Options{})

	// A Task that requires more than its uses set is another version: they count.
	task.Spec.Params = append(task.Spec.Params, v1.ParamSpec{Name: "new"})
	_, p = made(t, o, dir)
	assert.NotContains(t, texts(p)["elsewhere.go"], "Depth")
	assert.Contains(t, texts(p)["elsewhere.go"], "URL builder.String")
}

// TestRawFallback refuses the Go of a Task: the object becomes YAML, the others stay Go, and the
// set describes all.
func TestRawFallback(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": build})
	o := options
	o.Check = func(_ string, files map[string][]byte) (map[string]error, error) {
		if _, ok := files["task_build.go"]; ok {
			return map[string]error{"task_build.go": errors.New("1:1: a mistake")}, nil
		}
		return nil, nil
	}
	s, p := made(t, o, dir)
	all := texts(p)
	assert.NotContains(t, all, "task_build.go")
	assert.Contains(t, all["raw/task-build.yaml"], "name: build")
	assert.Contains(t, all["set.go"], "manifest.FromYAML(")
	assert.Contains(t, all["pipeline_p.go"], "builder.NewPipeline")
	compiles(t, p)
	var reasons []string
	for _, one := range p.Objects {
		if one.Step == project.StepYAML {
			reasons = append(reasons, one.Kind+": "+one.Reason)
		}
	}
	assert.Equal(t, []string{"Task: its Go does not compile: 1:1: a mistake"}, reasons)
	sum := project.Summarize("ci", s, p, &project.Changes{}, nil, nil)
	assert.Equal(t, []project.Reason{{Kind: "Task", Why: reasons[0][len("Task: "):], Count: 1}}, sum.Reasons)

	// A file with what several objects need has none: all become YAML.
	o.Check = func(_ string, files map[string][]byte) (map[string]error, error) {
		if len(files) > 1 {
			return map[string]error{"set.go": errors.New("1:1: a mistake")}, nil
		}
		return nil, nil
	}
	s, p = made(t, o, dir)
	for _, one := range p.Objects {
		assert.Equal(t, project.StepYAML, one.Step)
	}
	describes(t, s, options, proof.Options{})

	// If the Go never compiles, nothing is returned.
	o.Check = func(_ string, files map[string][]byte) (map[string]error, error) {
		return map[string]error{"set.go": errors.New("1:1: a mistake")}, nil
	}
	_, err := project.Make(s, o)
	assert.ErrorContains(t, err, "the Go of set.go does not compile: 1:1: a mistake")
}

// TestLocked imports into a folder that somebody else writes.
func TestLocked(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": build})
	out := filepath.Join(t.TempDir(), "ci")
	_, p := made(t, options, dir)
	c, err := p.Compare(out, project.State{})
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(out, 0o755))
	root, err := os.OpenRoot(out)
	require.NoError(t, err)
	defer root.Close()
	unlock, err := folderlock.Lock(root, out)
	require.NoError(t, err)
	require.ErrorIs(t, c.Apply(), folderlock.ErrBusy)
	assert.NoFileExists(t, filepath.Join(out, "set.go"))
	unlock()
	require.NoError(t, c.Apply())
	assert.FileExists(t, filepath.Join(out, "set.go"))
	assert.NotContains(t, maps.Collect(maps.All(files(t, out))), folderlock.File)
}

// TestGenerated reports YAML that a program has made.
func TestGenerated(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": "# Code generated by make. DO NOT EDIT.\n" + build})
	_, p := made(t, options, dir)
	assert.Contains(t, p.Objects[0].Generated, "generated by make")
	assert.Empty(t, p.Objects[1].Generated)
}
