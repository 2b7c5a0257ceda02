package manifest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// A repository has many sets: a reference means the nearest object, and the same name in
// two directories is no mistake.
func TestNearest(t *testing.T) {
	task := func(param string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec:\n  params: [{name: " + param + "}]\n" +
			"  steps: [{name: s, image: 'busybox:1.37', args: [$(params." + param + ")]}]\n"
	}
	run := func(param string) string {
		return "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {generateName: run-}\nspec: {taskRef: {name: build}, params: [{name: " + param + ", value: x}]}\n"
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"versions":        {map[string]string{"0.1/t.yaml": task("a"), "0.1/run.yaml": run("a"), "0.2/t.yaml": task("b"), "0.2/run.yaml": run("b")}, nil},
		"below":           {map[string]string{"0.1/t.yaml": task("a"), "0.1/samples/run.yaml": run("a"), "0.2/t.yaml": task("b"), "0.2/samples/run.yaml": run("b")}, nil},
		"beside":          {map[string]string{"0.1/tasks/t.yaml": task("a"), "0.1/runs/run.yaml": run("a"), "0.2/tasks/t.yaml": task("b"), "0.2/runs/run.yaml": run("b")}, nil},
		"above":           {map[string]string{"t.yaml": task("a"), "runs/run.yaml": run("a"), "other/t.yaml": task("b")}, nil},
		"deeper":          {map[string]string{"x/tasks/build/t.yaml": task("a"), "x/run.yaml": run("a"), "y/t.yaml": task("b")}, nil},
		"file":            {map[string]string{"0.1/all.yaml": task("a") + "---\n" + run("a"), "0.1/more/t.yaml": task("b")}, nil},
		"far":             {map[string]string{"lib/t.yaml": task("a"), "run/run.yaml": run("b")}, []string{"param-missing", "param-extra"}},
		"wrong":           {map[string]string{"0.1/t.yaml": task("a"), "0.1/run.yaml": run("b"), "0.2/t.yaml": task("b")}, []string{"param-missing", "param-extra"}},
		"a version fits":  {map[string]string{"task/build/0.1/t.yaml": task("a"), "task/build/0.2/t.yaml": task("b"), "task/other/0.1/run.yaml": run("b")}, nil},
		"no version fits": {map[string]string{"task/build/0.1/t.yaml": task("a"), "task/build/0.2/t.yaml": task("b"), "task/other/0.1/run.yaml": run("c")}, []string{"param-missing", "param-extra"}},
		"tekton":          {map[string]string{".tekton/t.yaml": task("a"), ".tekton/run.yaml": run("a"), "tasks/t.yaml": task("b"), "tasks/run.yaml": run("b")}, nil},
		"tekton below":    {map[string]string{"app/.tekton/tasks/t.yaml": task("a"), "app/.tekton/run.yaml": run("a"), "lib/.tekton/t.yaml": task("b"), "lib/.tekton/run.yaml": run("b")}, nil},
		"overlays":        {map[string]string{"dev/t.yaml": task("a"), "dev/run.yaml": run("a"), "prod/t.yaml": task("b"), "prod/run.yaml": run("b")}, nil},
		"testdata":        {map[string]string{"gen/testdata/t.yaml": task("a"), "gen/testdata/sub/run.yaml": run("a"), "run.yaml": run("b")}, []string{"task-external"}},
		"golden":          {map[string]string{"gen/golden/t.yaml": task("a"), "tasks/t.yaml": task("b"), "gen/run.yaml": run("b")}, nil},
		"two files":       {map[string]string{"t.yaml": task("a"), "u.yaml": task("b"), "run.yaml": run("b")}, []string{"object-duplicate"}},
		"same directory":  {map[string]string{"t.yaml": task("a"), "u.yaml": task("b")}, []string{"object-duplicate"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range c.files {
				at := filepath.Join(dir, filepath.FromSlash(file))
				require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
				require.NoError(t, os.WriteFile(at, []byte(text), 0o600))
			}
			set, err := manifest.Load(context.Background(), []string{dir}, manifest.LoadOptions{})
			require.NoError(t, err)
			found, err := check.Run(context.Background(), set.Objects, check.Profile{})
			require.NoError(t, err)
			var got []string
			for _, f := range found {
				got = append(got, f.Code)
			}
			assert.ElementsMatch(t, c.want, got)
		})
	}
}

// If no candidate fits, the finding shows which were tried.
func TestTried(t *testing.T) {
	t.Chdir(t.TempDir())
	for version, param := range map[string]string{"0.1": "a", "0.2": "b"} {
		require.NoError(t, os.MkdirAll("task/build/"+version, 0o755))
		require.NoError(t, os.WriteFile("task/build/"+version+"/t.yaml", []byte("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec: {params: [{name: "+param+
			"}], steps: [{name: s, image: 'busybox:1.37', args: [$(params."+param+")]}]}\n"), 0o600))
	}
	require.NoError(t, os.WriteFile("p.yaml", []byte("apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: t, taskRef: {name: build}, params: [{name: c, value: x}]}]}\n"), 0o600))
	for oneSet, want := range map[bool]int{false: 1, true: 0} {
		set, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{})
		require.NoError(t, err)
		found, err := check.Run(context.Background(), set.Objects, check.Profile{OneSet: oneSet})
		require.NoError(t, err)
		tried := 0
		for _, f := range found {
			for _, r := range f.Related {
				if f.Code == "param-missing" && r.Message == `Task "build" here does not fit either` {
					assert.Equal(t, "task/build/0.2/t.yaml:3:18", r.Position.String())
					tried++
				}
			}
		}
		assert.Equal(t, want, tried)
	}
}
