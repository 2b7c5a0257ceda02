package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConfiguredBaseline tests that the baseline of the configuration counts in each
// directory, and that flags override it.
func TestConfiguredBaseline(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, map[string]string{"repo/.git/HEAD": "x\n", "repo/.tekwright.yaml": "persona: regular\nbaseline: ci/known.json\n", "repo/a/x.yaml": aged, "repo/b.yaml": replaced("greet", "bye"), "repo/ci/readme": "x"})
	t.Chdir("repo")

	for _, line := range []string{"check", "check a", "check a/x.yaml b.yaml"} {
		r := words(line)
		assert.Equal(t, 2, r.exit)
		assert.Empty(t, r.out)
		assert.Equal(t, "tekwright: cannot read the baseline ci/known.json, which .tekwright.yaml:2:1 sets: it does not exist\n  help: write it with --write-baseline\n", r.err)
	}
	r := words("check --write-baseline")
	assert.Equal(t, 0, r.exit)
	assert.Equal(t, "tekwright: wrote 4 findings to ci/known.json\n", r.err)
	assert.NoFileExists(t, ".tekwright-baseline.json")

	for in, lines := range map[string][]string{
		".":  {"check", "check .", "check a", "check a/x.yaml", "check b.yaml a", "check " + filepath.Join(dir, "repo"), "check --config .tekwright.yaml"},
		"a":  {"check", "check x.yaml", "check ..", "check --config ../.tekwright.yaml"},
		"..": {"check repo", "check repo/a repo/b.yaml"},
	} {
		t.Chdir(filepath.Join(dir, "repo", in))
		for _, line := range lines {
			r := words(line)
			assert.Equal(t, 0, r.exit, "%s: %s", in, line)
			assert.Contains(t, r.out, "known findings in", "%s: %s", in, line)
			assert.Empty(t, r.err, "%s: %s", in, line)
		}
	}
	t.Chdir(filepath.Join(dir, "repo"))
	for _, line := range []string{"check --no-config", "check --baseline="} {
		assert.Equal(t, 1, words(line).exit, line)
	}
	assert.Contains(t, words("check --baseline other.json").err, "cannot read the baseline other.json: it does not exist")
	r = words("check --baseline other.json --write-baseline")
	assert.Contains(t, r.err, "wrote 4 findings to other.json\n  help: to report only new ones, use --baseline other.json, or set baseline in .tekwright.yaml")

	write(t, map[string]string{"new.yaml": replaced("greet", "new")})
	assert.Equal(t, []string{"new.yaml param-unknown", "new.yaml param-unused"}, foundBy(words("check -q")))

	// A check has one baseline.
	write(t, map[string]string{"sub/.tekwright.yaml": "baseline: more.json\n", "sub/c.yaml": replaced("greet", "c"), "new.yaml": ""})
	r = words("check -q")
	assert.Equal(t, []string{"sub/c.yaml param-unknown", "sub/c.yaml param-unused"}, foundBy(r))
	assert.Contains(t, r.err, "warning: sub/.tekwright.yaml:1:1: the baseline sub/more.json is not used")
	r = words("check a sub")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "the arguments have configurations with different baselines\n  help: check them one by one, or set one with --baseline")
	assert.Equal(t, 0, words("check sub --write-baseline").exit)
	assert.FileExists(t, "sub/more.json")
	assert.Equal(t, 0, words("check sub").exit)

	assert.Contains(t, words("config explain a/x.yaml").out, "  baseline       ci/known.json (.tekwright.yaml:2:1)\n")
	assert.Contains(t, words("config explain -o json a/x.yaml").out, `"baseline": {`)

	// A broken configuration is reported as such.
	require.NoError(t, os.WriteFile(".tekwright.yaml", []byte("baseline: [a]\n"), 0o600))
	r = words("check")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, ".tekwright.yaml:1:11: error config-invalid: baseline is a list")
	require.NoError(t, os.WriteFile(".tekwright.yaml", []byte("baseline: ''\n"), 0o600))
	assert.Contains(t, words("check").err, "baseline is empty")
}

// TestBaselineReplacesNothing tests that --write-baseline replaces only baselines, and that a
// configuration, which may be a stranger's, has none outside of its repository.
func TestBaselineReplacesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, map[string]string{"repo/.git/HEAD": "x\n", "repo/a.yaml": aged, "repo/main.go": "package main\n", "outside/rc": "alias x=y\n", "outside/old.json": `{"version": 1, "findings": []}`})
	t.Chdir("repo")
	require.NoError(t, os.Symlink("../outside/rc", ".tekwright-baseline.json"))
	require.NoError(t, os.Symlink("../outside/old.json", "link.json"))
	const foreign, elsewhere = "the file exists and is not a baseline", "it is outside of the repository of .tekwright.yaml:1:1, which sets it"
	for baseline, want := range map[string]string{"": foreign, "main.go": foreign, "../outside/new.json": elsewhere, "../outside/old.json": elsewhere, "link.json": elsewhere, dir + "/outside/new.json": elsewhere} {
		require.NoError(t, os.RemoveAll(".tekwright.yaml"))
		if baseline != "" {
			write(t, map[string]string{".tekwright.yaml": "baseline: " + baseline + "\n"})
		}
		r := words("check --write-baseline")
		assert.Equal(t, 2, r.exit, baseline)
		assert.Contains(t, r.err, "cannot write the baseline", baseline)
		assert.Contains(t, r.err, want, baseline)
	}
	for name, text := range map[string]string{"main.go": "package main\n", "../outside/rc": "alias x=y\n", "../outside/old.json": `{"version": 1, "findings": []}`} {
		now, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, text, string(now))
	}
	assert.NoFileExists(t, "../outside/new.json")

	// The flag may name one anywhere, and conflicts of a merge are replaced.
	write(t, map[string]string{"conflict.json": "{\n<<<<<<< a\n  \"version\": 2,\n  \"findings\": [\n", "empty.json": ""})
	for _, file := range []string{"../outside/new.json", "../outside/old.json", "conflict.json", "empty.json", "link.json"} {
		assert.Equal(t, 0, words("check --write-baseline --baseline "+file).exit, file)
		assert.Equal(t, 0, words("check --baseline "+file).exit, file)
	}
}
