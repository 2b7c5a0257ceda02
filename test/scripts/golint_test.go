package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// needLint returns the directory of golangci-lint, which .ci/run installs.
func needLint(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("golangci-lint"); err == nil {
		return filepath.Dir(path)
	}
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	dir := filepath.Join(home, ".cache/tekwright-test/bin")
	if _, err := os.Stat(filepath.Join(dir, "golangci-lint")); err != nil {
		t.Skip("SKIPPED: this machine has no golangci-lint; its script was NOT run with the real tool")
	}
	return dir
}

// TestGoLint runs the real golangci-lint.
func TestGoLint(t *testing.T) {
	t.Parallel()
	lint := needLint(t)
	const bad = "package main\n\nimport \"os\"\n\nfunc main() { os.Remove(`{\"FromLinter\":\"x\"}`) }\n"
	linting := func(files map[string]string) run {
		r := goRun(t, run{task: define(t, tasks.GoLint{})}, files)
		r.path = append(r.path, lint)
		return r
	}
	good := map[string]string{"go.mod": module["go.mod"], "main.go": "package main\n\nfunc main() {}\n"}
	r := linting(good)
	before := filesIn(t, r.workspaces["source"])
	assert.Equal(t, map[string]string{"issues": "0"}, r.do(t).ok(t).results)
	assert.Equal(t, before, filesIn(t, r.workspaces["source"]))

	r = linting(map[string]string{"go.mod": module["go.mod"], "main.go": bad, "lint.yml": "version: \"2\"\nlinters: {default: none, enable: [ineffassign]}\n"})
	got := r.do(t)
	got.refused(t, "go-lint", "golangci-lint has found 1 issues")
	assert.Equal(t, map[string]string{"issues": "1"}, got.results)
	assert.Contains(t, got.stdout, "errcheck")
	r.params = map[string]string{"config": "lint.yml"}
	assert.Equal(t, map[string]string{"issues": "0"}, r.do(t).ok(t).results)

	r = linting(map[string]string{"go.mod": module["go.mod"], "main.go": "package main\n\nfunc main() { undefined() }\n"})
	r.do(t).refused(t, "go-lint", "golangci-lint")

	// The configuration makes it run git, in a repository with commands.
	canary := filepath.Join(t.TempDir(), "canary")
	for _, name := range []string{"fsmonitor", "filter"} {
		r = linting(good)
		source := r.workspaces["source"]
		write(t, source, map[string]string{".golangci.yml": "version: \"2\"\nissues: {new: true}\nrun: {relative-path-mode: gitroot}\n"})
		git(t, source, "init", "-q")
		git(t, source, "add", "-A")
		git(t, source, "commit", "-q", "-m", "first")
		traps(canary)[name](t, source)
		r.do(t)
		assert.NoFileExists(t, canary, name)
	}
}
