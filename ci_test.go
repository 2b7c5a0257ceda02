package tekwright_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// decoded decodes the documents of a text.
func decoded(t *testing.T, text string, into ...any) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	for _, v := range into {
		require.NoError(t, d.Decode(v))
	}
	require.ErrorIs(t, d.Decode(new(any)), io.EOF)
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
	assert.Equal(t, map[string]int{"action": 3, "template": 1, "task": 1}, seen)
	for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(page, -1) {
		assert.FileExists(t, filepath.Join("docs", link[1]))
	}
}
