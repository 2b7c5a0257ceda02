package tekwright_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

// faulty is a Task with one error.
const faulty = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: greet
spec:
  steps:
    - name: say
      image: docker.io/library/busybox:1.37.0
      args: [$(params.foo)]
`

// attacks are texts that a shell, YAML or the command could take for something else.
var attacks = []string{
	"$(touch pwned)", "`touch pwned`", `"; touch pwned; "`, "'; touch pwned; '", "; touch pwned #", "a && touch pwned",
	"${HOME}", "$HOME", "*", "?", "~", "a  b", " a ", `\`, `a\nb`, `"`, "'", "END", "EOF", "-o", "--help", "--", "-", "%s", "!!", "#", "a\tb",
	"${{ github.token }}", "$[[ inputs.version ]]", "::error::x", "é\u202e",
}

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

// job is what the tests read of templates/check.yml.
type job struct {
	Script    []string
	Variables map[string]struct {
		Value  string
		Expand *bool
	}
	Cache struct {
		Paths []string
	}
	Artifacts struct {
		When    string
		Reports map[string]string
	}
}

// decoded decodes the documents of a text.
func decoded(t *testing.T, text string, into ...any) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	for _, v := range into {
		require.NoError(t, d.Decode(v))
	}
	require.ErrorIs(t, d.Decode(new(any)), io.EOF)
}

func githubAction(t *testing.T) (a component) {
	t.Helper()
	decoded(t, read(t, "action.yml"), &a)
	return a
}

// outcome is what a script did.
type outcome struct {
	out, err string
	exit     int
}

// scripted runs a script with a shell, and variables that replace those of the test.
func scripted(t *testing.T, shell []string, script, dir string, variables map[string]string) outcome {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
	cmd := exec.Command(shell[0], append(shell[1:], file)...) //nolint:gosec // shells of the test
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for name, value := range variables {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	if failed := (*exec.ExitError)(nil); !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return outcome{out.String(), stderr.String(), cmd.ProcessState.ExitCode()}
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
	for name, text := range variables {
		all[name] = text
	}
	dir := r.workspace
	if s.WorkingDirectory != "" {
		dir = filepath.Join(dir, value(s.WorkingDirectory))
	}
	return scripted(t, bash, s.Run, dir, all)
}

// recorder is a program that writes its arguments into a file, each ended by a zero byte.
func recorder(t *testing.T, program string) (arguments func() []string) {
	t.Helper()
	record := filepath.Join(t.TempDir(), "record")
	require.NoError(t, os.MkdirAll(filepath.Dir(program), 0o755))
	text := "#!/bin/sh\nprintf '%s\\0' \"$@\" >'" + record + "'\npwd >'" + record + ".dir'\nenv >'" + record + ".env'\n"
	require.NoError(t, os.WriteFile(program, []byte(text), 0o755)) //nolint:gosec // it is executed
	return func() []string {
		b, err := os.ReadFile(record)
		require.NoError(t, err)
		return strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
	}
}

// unharmed tests that no attack did anything.
func unharmed(t *testing.T, dirs ...string) {
	t.Helper()
	for _, dir := range dirs {
		assert.NoFileExists(t, filepath.Join(dir, "pwned"))
	}
}

// command builds the command, as the action does.
func command(t *testing.T) string {
	t.Helper()
	r := newRunner(t)
	got := r.run(t, "install", nil, nil)
	require.Zero(t, got.exit, got.err)
	return filepath.Join(r.temp, "tekwright", "tekwright")
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

// sample writes a repository with two commits, of which the second adds an error.
func sample(t *testing.T, dir string) {
	t.Helper()
	put := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	put("tekton/$(touch pwned) a.yaml", faulty)
	put("compose.yaml", "services: {}\n")
	git("init", "-q")
	git("add", "-A")
	git("commit", "-qm", "first")
	put("tekton/-q.yaml", strings.Replace(faulty, "greet", "bye", 1))
	git("add", "-A")
	git("commit", "-qm", "second")
}

// TestCI runs all of them with the command, and what docs/ci.md shows.
func TestCI(t *testing.T) {
	program := command(t)
	t.Run("action", func(t *testing.T) { testAction(t, program) })
	t.Run("GitLab", func(t *testing.T) { testGitLab(t, program) })
	t.Run("pre-commit", func(t *testing.T) { testPreCommit(t, program) })
	t.Run("page", func(t *testing.T) { testPage(t, program) })
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
			for k, v := range c.inputs {
				inputs[k] = v
			}
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

// gitlab returns the job of templates/check.yml with inputs in place.
func gitlab(t *testing.T, inputs map[string]string) (string, job) {
	t.Helper()
	var head struct {
		Spec struct {
			Inputs map[string]struct{ Description, Type, Default string }
		}
	}
	var body yaml.Node
	decoded(t, read(t, "templates/check.yml"), &head, &body)
	place := regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)
	var interpolate func(*yaml.Node)
	interpolate = func(n *yaml.Node) {
		for _, c := range n.Content {
			interpolate(c)
		}
		if n.Kind == yaml.ScalarNode {
			n.Value = place.ReplaceAllStringFunc(n.Value, func(ref string) string {
				name := place.FindStringSubmatch(ref)[1]
				require.Contains(t, head.Spec.Inputs, name)
				if v, ok := inputs[name]; ok {
					return v
				}
				return head.Spec.Inputs[name].Default
			})
		}
	}
	interpolate(&body)
	jobs := map[string]job{}
	require.NoError(t, body.Decode(&jobs))
	require.Len(t, jobs, 1)
	for name, j := range jobs {
		return name, j
	}
	return "", job{}
}

// shells are how runners of GitLab run scripts.
func shells() [][]string {
	all := [][]string{{"bash", "-e", "-o", "pipefail"}, {"sh", "-e"}}
	if _, err := exec.LookPath("busybox"); err == nil {
		all = append(all, []string{"busybox", "sh", "-e"})
	}
	return all
}

// merged runs the script of the job in a directory.
func merged(t *testing.T, shell []string, dir string, inputs, variables map[string]string) outcome {
	t.Helper()
	_, j := gitlab(t, inputs)
	all := map[string]string{"CI_PROJECT_DIR": dir}
	for name, v := range j.Variables {
		require.False(t, v.Expand == nil || *v.Expand, "GitLab would expand %s", name)
		all[name] = v.Value
	}
	for name, v := range variables {
		all[name] = v
	}
	return scripted(t, shell, strings.Join(j.Script, "\n"), dir, all)
}

// TestGitLab tests the template for GitLab.
func TestGitLab(t *testing.T) {
	_, defaults := gitlab(t, nil)
	_, others := gitlab(t, map[string]string{"paths": "a", "args": "b", "baseline": "c", "version": "d"})
	assert.Equal(t, defaults.Script, others.Script, "an input would be code")
	name, _ := gitlab(t, map[string]string{"job-name": "other"})
	assert.Equal(t, "other", name)
	assert.Equal(t, "gl-code-quality-report.json", defaults.Artifacts.Reports["codequality"])
	assert.Equal(t, "always", defaults.Artifacts.When)

	for _, shell := range shells() {
		t.Run(shell[0], func(t *testing.T) {
			for _, text := range attacks {
				dir, tools := t.TempDir(), t.TempDir()
				arguments := recorder(t, filepath.Join(tools, "tekwright"))
				got := merged(t, shell, dir, map[string]string{"paths": text + "\nb", "args": text + "\n\n--x", "baseline": text, "version": text},
					map[string]string{"PATH": tools + ":" + os.Getenv("PATH")})
				require.Zero(t, got.exit, got.err)
				assert.Equal(t, []string{"check", "--baseline=" + text, text, "--x", "--", text, "b"}, arguments())

				arguments = recorder(t, filepath.Join(tools, "go"))
				require.NoError(t, os.Remove(filepath.Join(tools, "tekwright")))
				got = merged(t, shell, dir, map[string]string{"version": text}, map[string]string{"PATH": tools + ":" + os.Getenv("PATH")})
				assert.NotZero(t, got.exit, "nothing was installed")
				assert.Equal(t, []string{"install", module + "/cmd/tekwright@" + text}, arguments())
				unharmed(t, dir, tools, "/")
			}
		})
	}
}

// testGitLab runs the script for GitLab with the command.
func testGitLab(t *testing.T, program string) {
	bin := filepath.Dir(program)
	for _, shell := range shells() {
		t.Run(shell[0], func(t *testing.T) {
			path := map[string]string{"PATH": bin + ":" + os.Getenv("PATH")}
			dir := t.TempDir()
			sample(t, dir)
			for range 2 { // the second time with the report of the first one
				got := merged(t, shell, dir, nil, path)
				assert.Equal(t, 1, got.exit, got.err)
				assert.Contains(t, got.out, "tekton/-q.yaml:9:")
				assert.Len(t, quality(t, dir), 2)
			}
			assert.Zero(t, merged(t, shell, dir, map[string]string{"baseline": "known.json", "args": "--write-baseline"}, path).exit)
			assert.Empty(t, quality(t, dir))
			got := merged(t, shell, dir, map[string]string{"paths": "none"}, path)
			assert.Equal(t, 2, got.exit)
			assert.Contains(t, got.out, "none")

			// A shallow clone of the second commit, in a merge request.
			base := strings.TrimSpace(scripted(t, shell, "git rev-parse HEAD^1", dir, nil).out)
			clone := filepath.Join(t.TempDir(), "clone")
			got = scripted(t, shell, "git clone -q --depth=1 file://"+dir+" "+clone, dir, nil)
			require.Zero(t, got.exit, got.err)
			only := map[string]string{"new-only": "true"}
			assert.Len(t, mergedQuality(t, shell, clone, only, path), 2, "not in a merge request")
			path["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base
			assert.Len(t, mergedQuality(t, shell, clone, nil, path), 2)
			assert.Len(t, mergedQuality(t, shell, clone, only, path), 1)
			unharmed(t, dir, clone)
		})
	}
}

// quality returns the findings of the report for GitLab.
func quality(t *testing.T, dir string) (found []any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "gl-code-quality-report.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &found))
	return found
}

func mergedQuality(t *testing.T, shell []string, dir string, inputs, variables map[string]string) []any {
	t.Helper()
	got := merged(t, shell, dir, inputs, variables)
	assert.Equal(t, 1, got.exit, got.err)
	return quality(t, dir)
}

// testPreCommit runs the hook as pre-commit does: the words of the entry and the
// arguments, with the installed programs in PATH, in the repository.
func testPreCommit(t *testing.T, program string) {
	var hooks []struct {
		ID, Name, Description, Entry, Language string
		Minimum                                string   `yaml:"minimum_pre_commit_version"`
		Types                                  []string `yaml:"types_or"`
		Files                                  bool     `yaml:"pass_filenames"`
		Serial                                 bool     `yaml:"require_serial"`
	}
	strict := yaml.NewDecoder(strings.NewReader(read(t, ".pre-commit-hooks.yaml")))
	strict.KnownFields(true)
	require.NoError(t, strict.Decode(&hooks))
	require.Len(t, hooks, 1)
	hook := hooks[0]
	assert.Equal(t, "golang", hook.Language)
	assert.False(t, hook.Files)
	entry := strings.Fields(hook.Entry)
	assert.DirExists(t, filepath.Join("cmd", entry[0]), "go install ./... does not install it")
	assert.Contains(t, read(t, "docs/ci.md"), "- id: "+hook.ID+"\n")

	bin := filepath.Dir(program)
	for args, exit := range map[string]int{"": 1, "--severity error": 1, "--disable param-unknown tekton": 0, "none": 2} {
		dir := t.TempDir()
		sample(t, dir)
		cmd := exec.Command(filepath.Join(bin, entry[0]), append(entry[1:], strings.Fields(args)...)...) //nolint:gosec // the command
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		assert.Equal(t, exit, cmd.ProcessState.ExitCode(), "%s: %s", args, out)
		unharmed(t, dir)
	}
}

// TestScriptsOfCI checks the scripts with shellcheck, if it is installed.
func TestScriptsOfCI(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed")
	}
	check := func(shell, script string) {
		cmd := exec.Command("shellcheck", "-s", shell, "-")
		cmd.Stdin = strings.NewReader(script)
		out, err := cmd.CombinedOutput()
		assert.NoError(t, err, "%s\n%s", script, out)
	}
	for _, s := range githubAction(t).Runs.Steps {
		if s.Run != "" {
			check("bash", s.Run)
		}
	}
	_, j := gitlab(t, nil)
	for _, script := range j.Script {
		check("sh", script)
	}
}

// TestContainerfile tests that the images are static, pinned and not of root.
func TestContainerfile(t *testing.T) {
	var stages []string
	user := map[string]string{}
	for line := range strings.Lines(read(t, "Containerfile")) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		switch words[0] {
		case "FROM":
			image := words[1]
			assert.True(t, image == "scratch" || regexp.MustCompile(`^docker\.io/library/[a-z]+:\d+\.\d+`).MatchString(image), image)
			stages = append(stages, words[len(words)-1])
		case "USER":
			user[stages[len(stages)-1]] = words[1]
		case "COPY":
			if from, ok := strings.CutPrefix(words[1], "--from="); ok {
				assert.Contains(t, stages[:len(stages)-1], from)
			}
		case "RUN":
			if strings.Contains(line, "go build") {
				assert.Contains(t, words, "CGO_ENABLED=0")
				assert.DirExists(t, words[len(words)-1])
			}
		default:
			assert.Contains(t, []string{"WORKDIR", "CMD", "ENTRYPOINT", "ENV"}, words[0])
		}
	}
	assert.Equal(t, []string{"build", "ci", "scratch"}, stages)
	for _, s := range stages[1:] {
		assert.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, user[s], s)
	}
	mod, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
	require.NoError(t, err)
	image := regexp.MustCompile(`golang:(1\.\d+)\.(\d+)`).FindStringSubmatch(read(t, "Containerfile"))
	require.NotNil(t, image)
	assert.Regexp(t, "^"+regexp.QuoteMeta(image[1]), mod.Go.Version)
}

// testPage tests what docs/ci.md shows.
func testPage(t *testing.T, program string) {
	page := read(t, "docs/ci.md")
	a := githubAction(t)
	var head struct {
		Spec struct{ Inputs map[string]any }
	}
	decoded(t, read(t, "templates/check.yml"), &head, new(any))
	for name := range head.Spec.Inputs {
		assert.Contains(t, page, "`"+name+"`")
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page, -1)
	seen := map[string]int{}
	for _, b := range blocks {
		var v any
		decoded(t, b[1], &v)
		var walk func(any)
		walk = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, item := range v {
					walk(item)
				}
			case map[string]any:
				with, _ := v["with"].(map[string]any)
				if uses, _ := v["uses"].(string); strings.HasPrefix(uses, "tekwright/tekwright@") {
					seen["action"]++
					for name := range with {
						assert.Contains(t, a.Inputs, name)
					}
				}
				if in, ok := v["inputs"].(map[string]any); ok {
					seen["template"]++
					for name := range in {
						assert.Contains(t, head.Spec.Inputs, name)
					}
				}
				for _, item := range v {
					walk(item)
				}
			}
		}
		walk(v)
		if strings.HasPrefix(b[1], "apiVersion:") {
			seen["task"]++
			file := filepath.Join(t.TempDir(), "task.yaml")
			require.NoError(t, os.WriteFile(file, []byte(b[1]), 0o600))
			out, err := exec.Command(program, "check", "--no-config", "--persona=pedantic", "-q", file).CombinedOutput() //nolint:gosec // the command
			assert.NoError(t, err, "%s", out)
		}
	}
	assert.Equal(t, map[string]int{"action": 2, "template": 1, "task": 1}, seen)
	for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(page, -1) {
		assert.FileExists(t, filepath.Join("docs", link[1]))
	}
}
