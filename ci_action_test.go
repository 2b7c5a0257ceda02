package tekwright_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// component is what the tests read of action.yml.
type component struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, If, Uses, Shell, Run string
	WorkingDirectory         string `yaml:"working-directory"`
	Env, With                map[string]string
}

func githubAction(t *testing.T) (a component) {
	t.Helper()
	decoded(t, read(t, "action.yml"), &a)
	return a
}

// bash is how GitHub runs a step with shell: bash.
var bash = []string{"bash", "--noprofile", "--norc", "-e", "-o", "pipefail"}

// runner is a runner of GitHub.
type runner struct{ temp, workspace, output string }

func newRunner(t *testing.T) runner {
	t.Helper()
	r := runner{temp: t.TempDir(), workspace: t.TempDir()}
	r.output = filepath.Join(r.temp, "output")
	return r
}

// run runs a step of the action with inputs.
func (r runner) run(t *testing.T, id string, inputs, variables map[string]string) outcome {
	t.Helper()
	a := githubAction(t)
	i := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.ID == id })
	require.NotEqual(t, -1, i)
	s := a.Runs.Steps[i]
	value := func(text string) string {
		name, ok := strings.CutPrefix(text, "${{ inputs.")
		name, closed := strings.CutSuffix(name, " }}")
		require.True(t, ok && closed, text)
		require.Contains(t, a.Inputs, name)
		if v, ok := inputs[name]; ok {
			return v
		}
		return a.Inputs[name].Default
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	all := map[string]string{"RUNNER_TEMP": r.temp, "GITHUB_OUTPUT": r.output, "GITHUB_ACTION_PATH": here}
	for name, text := range s.Env {
		all[name] = value(text)
	}
	maps.Copy(all, variables)
	dir := r.workspace
	if s.WorkingDirectory != "" {
		dir = filepath.Join(dir, value(s.WorkingDirectory))
	}
	return scripted(t, bash, s.Run, dir, all)
}

// TestAction tests the form of action.yml.
func TestAction(t *testing.T) {
	a := githubAction(t)
	assert.Equal(t, "composite", a.Runs.Using)
	used := map[string]bool{}
	pinned := regexp.MustCompile(`uses: actions/setup-go@[0-9a-f]{40} # v[0-9.]+\n`)
	assert.Len(t, pinned.FindAllString(read(t, "action.yml"), -1), strings.Count(read(t, "action.yml"), "uses:"), "another action is pinned by its commit")
	for _, s := range a.Runs.Steps {
		assert.NotContains(t, s.Run, "${{", "an input would be code")
		assert.NotEqual(t, s.Run == "", s.Uses == "")
		if s.Run != "" {
			assert.Equal(t, "bash", s.Shell)
		}
		for _, text := range s.Env {
			used[strings.TrimSuffix(strings.TrimPrefix(text, "${{ inputs."), " }}")] = true
		}
		used[strings.TrimSuffix(strings.TrimPrefix(s.WorkingDirectory, "${{ inputs."), " }}")] = true
		if s.Uses != "" {
			mod, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
			require.NoError(t, err)
			assert.Equal(t, ">="+mod.Go.Version, s.With["go-version"])
		}
	}
	page := read(t, "docs/ci.md")
	for name, in := range a.Inputs {
		assert.True(t, used[name], "nothing uses the input %s", name)
		assert.NotEmpty(t, in.Description)
		assert.Contains(t, page, "| `"+name+"` |")
	}
}

// TestActionGo tests which Go the action takes.
func TestActionGo(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		found  bool
	}{
		"a new Go":      {"echo auto", true},
		"Go of the job": {"echo local", true},
		"Go 1.20":       {"echo", false},
		"none":          {"", false},
	} {
		r := newRunner(t)
		bin := t.TempDir()
		for _, tool := range []string{"bash", "sh", "cat"} {
			path, err := exec.LookPath(tool)
			require.NoError(t, err)
			require.NoError(t, os.Symlink(path, filepath.Join(bin, tool)))
		}
		if c.script != "" {
			require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o755)) //nolint:gosec // it is executed
		}
		got := r.run(t, "go", nil, map[string]string{"PATH": bin})
		require.Zero(t, got.exit, got.err)
		text, err := os.ReadFile(r.output)
		if !c.found {
			require.ErrorIs(t, err, os.ErrNotExist, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, "found=true\n", string(text), name)
	}
}

// TestActionInstalls tests what the action installs.
func TestActionInstalls(t *testing.T) {
	for _, version := range append([]string{"", "v1.2.3", "feature/x"}, attacks...) {
		r := newRunner(t)
		arguments := recorder(t, filepath.Join(r.temp, "bin", "go"))
		got := r.run(t, "install", map[string]string{"version": version},
			map[string]string{"PATH": filepath.Join(r.temp, "bin") + ":" + os.Getenv("PATH"), "GOFLAGS": "-mod=vendor", "GOTOOLCHAIN": "local", "GOOS": "plan9"})
		require.Zero(t, got.exit, got.err)
		want := []string{"install", "./cmd/tekwright"}
		if version != "" {
			want[1] = module + "/cmd/tekwright@" + version
		}
		assert.Equal(t, want, arguments())
		unharmed(t, r.temp, r.workspace)
	}
}

// TestActionArguments tests that inputs are arguments, whatever they are.
func TestActionArguments(t *testing.T) {
	for _, text := range attacks {
		r := newRunner(t)
		arguments := recorder(t, filepath.Join(r.temp, "tekwright", "tekwright"))
		report := strings.ReplaceAll(text, "/", "")
		got := r.run(t, "check", map[string]string{"paths": text + "\n\nb\n" + text, "args": text + "\n--x", "baseline": text, "new-from": text, "sarif": report}, nil)
		require.Zero(t, got.exit, got.err)
		assert.Equal(t, []string{"check", "-o", "github", "--baseline=" + text, "--new-from=" + text, text, "--x", "--", text, "b", text}, arguments())
		assert.FileExists(t, filepath.Join(r.workspace, report))
		unharmed(t, r.temp, r.workspace)
	}
	r := newRunner(t)
	arguments := recorder(t, filepath.Join(r.temp, "tekwright", "tekwright"))
	require.Zero(t, r.run(t, "check", nil, nil).exit)
	assert.Equal(t, []string{"check", "-o", "github", "--", "."}, arguments())
	require.Zero(t, r.run(t, "check", map[string]string{"paths": ""}, nil).exit)
	assert.Equal(t, []string{"check", "-o", "github", "--"}, arguments(), "the current directory")
}

// testAction runs the action with the command.
func testAction(t *testing.T, program string) {
	for name, c := range map[string]struct {
		inputs map[string]string
		exit   int
		found  []string
	}{
		"all":                     {nil, 1, []string{"tekton/$(touch pwned) a.yaml", "tekton/-q.yaml"}},
		"files":                   {map[string]string{"paths": "-q.yaml", "working-directory": "tekton"}, 1, []string{"-q.yaml"}},
		"only the new":            {map[string]string{"new-from": "HEAD^1"}, 1, []string{"tekton/-q.yaml"}},
		"nothing new":             {map[string]string{"new-from": "HEAD"}, 0, nil},
		"a baseline":              {map[string]string{"args": "--write-baseline", "baseline": "$(known) .json"}, 0, nil},
		"other flags":             {map[string]string{"args": "--severity\nerror\n--disable=param-unknown"}, 0, nil},
		"a missing file":          {map[string]string{"paths": "none"}, 2, []string{"none"}},
		"a missing baseline":      {map[string]string{"baseline": "none.json"}, 2, nil},
		"a revision as an option": {map[string]string{"new-from": "--output=pwned"}, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			sample(t, r.workspace)
			require.NoError(t, os.Mkdir(filepath.Join(r.temp, "tekwright"), 0o755))
			require.NoError(t, os.Symlink(program, filepath.Join(r.temp, "tekwright", "tekwright")))
			inputs := map[string]string{"sarif": "out.sarif"}
			maps.Copy(inputs, c.inputs)
			got := r.run(t, "check", inputs, nil)
			assert.Equal(t, c.exit, got.exit, got.out+got.err)
			var found []string
			for _, m := range regexp.MustCompile(`(?m)^::error file=(.*?),`).FindAllStringSubmatch(got.out, -1) {
				found = append(found, m[1])
			}
			assert.Equal(t, c.found, found)
			output, err := os.ReadFile(r.output)
			require.NoError(t, err)
			assert.Equal(t, "exit-code="+string(rune('0'+c.exit))+"\n", string(output))
			if c.exit < 2 {
				text, err := os.ReadFile(filepath.Join(r.workspace, inputs["working-directory"], "out.sarif"))
				require.NoError(t, err)
				var sarif struct{ Runs []struct{ Results []any } }
				require.NoError(t, json.Unmarshal(text, &sarif))
				assert.Len(t, sarif.Runs[0].Results, len(c.found))
			} else {
				assert.NotEmpty(t, got.out+got.err, "why it failed")
			}
			unharmed(t, r.temp, r.workspace, filepath.Join(r.workspace, "tekton"))
		})
	}
}
