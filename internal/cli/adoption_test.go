package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// aged is a Task with an error about a param foo and a warning about a param who.
const aged = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: greet
spec:
  params:
    - name: who
  steps:
    - name: say
      image: docker.io/library/busybox:1.37
      args: [$(params.foo)]
`

var reported = regexp.MustCompile(`(?m)^(\S+?):\d+:\d+: \w+ ([a-z-]+):`)

// foundBy returns the file and the code of each finding that a command reports.
func foundBy(r result) []string {
	var all []string
	for _, m := range reported.FindAllStringSubmatch(r.out, -1) {
		all = append(all, m[1]+" "+m[2])
	}
	slices.Sort(all)
	return all
}

// write writes files, and removes those with an empty text.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if text == "" {
			require.NoError(t, os.Remove(name))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

// gitted runs git in a directory, as a user without a configuration.
func gitted(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// committed changes to a new repository with one commit of the files.
func committed(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, files)
	gitted(t, dir, "init", "-q")
	gitted(t, dir, "add", "-A")
	gitted(t, dir, "commit", "-qm", "first")
	return dir
}

func replaced(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(aged) }

// changes are changes to the file tasks/a.yaml, which is aged, and to others, with what is
// new then. They are the same for a baseline and for a revision.
var changes = map[string]struct {
	files map[string]string
	new   []string
	gone  bool // known findings are no longer reported
}{
	"nothing":             {nil, nil, false},
	"lines move":          {map[string]string{"tasks/a.yaml": "# one\n\n" + replaced("  params:", "  # more\n\n  params:")}, nil, false},
	"the layout":          {map[string]string{"tasks/a.yaml": replaced("args: [$(params.foo)]", "args:\n        - \"$(params.foo)\"", "    - name: who", "  - {name: who}")}, nil, false},
	"another file name":   {map[string]string{"tasks/a.yaml": "", "other/b.yaml": aged}, nil, false},
	"a mistake is mended": {map[string]string{"tasks/a.yaml": replaced("foo", "who")}, nil, true},
	"a param more":        {map[string]string{"tasks/a.yaml": replaced("    - name: who\n", "    - name: who\n    - name: more\n")}, []string{"tasks/a.yaml param-unused"}, false},
	"another mistake":     {map[string]string{"tasks/a.yaml": replaced("foo", "bar")}, []string{"tasks/a.yaml param-unknown"}, true},
	"the same mistake twice": {map[string]string{"tasks/a.yaml": replaced("foo)]", "foo), \"-- $(params.foo)\"]")},
		nil, false}, // one finding with another place
	"another object":      {map[string]string{"tasks/a.yaml": replaced("greet", "bye")}, []string{"tasks/a.yaml param-unknown", "tasks/a.yaml param-unused"}, true},
	"a copy":              {map[string]string{"x/b.yaml": aged}, []string{"x/b.yaml param-unknown", "x/b.yaml param-unused"}, false},
	"a copy in its place": {map[string]string{"tasks/a.yaml": "", "x/b.yaml": aged, "y/c.yaml": aged}, []string{"y/c.yaml param-unknown", "y/c.yaml param-unused"}, false},
	"a renamed directory": {map[string]string{"tasks/a.yaml": "", "steps/a.yaml": aged}, nil, false},
	"a renamed directory, and a copy": {map[string]string{"tasks/a.yaml": "", "a/b.yaml": aged, "steps/a.yaml": aged},
		[]string{"a/b.yaml param-unknown", "a/b.yaml param-unused"}, false},
	"moved to another file": {map[string]string{"tasks/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "x/b.yaml": aged}, nil, false},
	"mended, and a copy": {map[string]string{"tasks/a.yaml": replaced("foo", "who"), "x/b.yaml": aged},
		[]string{"x/b.yaml param-unknown", "x/b.yaml param-unused"}, true},
	"a new file":   {map[string]string{"b.yaml": replaced("greet", "bye")}, []string{"b.yaml param-unknown", "b.yaml param-unused"}, false},
	"not readable": {map[string]string{"tasks/b.yaml": "apiVersion: v1\nkind: [\n"}, []string{"tasks/b.yaml yaml-invalid"}, false},
	"a comment":    {map[string]string{"tasks/a.yaml": replaced("    - name: who", "    # tekwright: ignore param-unused -- later\n    - name: who")}, nil, true},
	"a comment without a finding": {map[string]string{"tasks/a.yaml": replaced("kind: Task", "kind: Task # tekwright: ignore param-unused -- why")},
		[]string{"tasks/a.yaml suppression-unused"}, false},
}

// TestNew tests what a baseline and a revision leave in.
func TestNew(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			committed(t, map[string]string{"tasks/a.yaml": aged})
			r := words("check --write-baseline")
			require.Equal(t, 0, r.exit, r.err)
			assert.Equal(t, "no findings in 1 object of 1 file; 2 known findings in .tekwright-baseline.json\n", r.out)
			assert.Contains(t, r.err, "wrote 2 findings to .tekwright-baseline.json")
			write(t, c.files)
			want := c.new
			exit := 0
			switch {
			case strings.Contains(strings.Join(want, " "), "yaml-invalid"):
				exit = 2
			case strings.Contains(strings.Join(want, " "), "param-"):
				exit = 1
			}
			for _, flags := range []string{"--baseline .tekwright-baseline.json", "--new-from HEAD", "--new-from HEAD --baseline .tekwright-baseline.json"} {
				r := words("check -q " + flags)
				assert.Equal(t, want, foundBy(r), flags)
				assert.Equal(t, exit, r.exit, "%s: %s", flags, r.err)
				assert.Equal(t, c.gone && strings.Contains(flags, "--baseline"), strings.Contains(r.err, "no longer reported"), "%s: %s", flags, r.err)
			}
			assert.NotContains(t, gitted(t, ".", "status", "--short"), ".lock")
		})
	}
}

// TestBaselineBytes tests that a baseline is written again with the same bytes, wherever the
// command runs, and that it is not a manifest.
func TestBaselineBytes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, map[string]string{"a/x.yaml": aged, "a/y/y.yaml": aged, "b.yaml": replaced("greet", "bye"), "broken.yaml": "apiVersion: v1\nkind: [\n"})
	r := words("check --baseline known.json --write-baseline")
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, []string{"broken.yaml yaml-invalid"}, foundBy(r))
	first, err := os.ReadFile("known.json")
	require.NoError(t, err)
	assert.NotContains(t, string(first), "broken.yaml")
	assert.Equal(t, 6, strings.Count(string(first), "\n    {"))
	require.NoError(t, os.Chmod("known.json", 0o640))
	require.NoError(t, os.Symlink("known.json", "link.json"))
	for _, args := range [][]string{
		{"check", "--baseline", "known.json", "--write-baseline", "."},
		{"check", "--baseline", "link.json", "--write-baseline", dir},
		{"check", "--baseline", filepath.Join(dir, "known.json"), "--write-baseline", "b.yaml", "a", "broken.yaml"},
	} {
		assert.Equal(t, 2, run("", args).exit)
		again, err := os.ReadFile("known.json")
		require.NoError(t, err)
		assert.Equal(t, string(first), string(again))
		info, err := os.Lstat("known.json")
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode())
	}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, entries, 5, "no temporary file is left")

	require.NoError(t, os.Remove("broken.yaml"))
	assert.Equal(t, "no findings in 3 objects of 3 files; 6 known findings in known.json\n", words("check --baseline known.json").out)
	t.Chdir("a")
	assert.Equal(t, "no findings in 2 objects of 2 files; 4 known findings in ../known.json\n", words("check --baseline ../known.json").out)
	r = words("check --baseline ../known.json --disable param-unused")
	assert.Empty(t, r.err, "rules that do not apply are not stale")
	r = words("check --baseline ../known.json --severity error")
	assert.Equal(t, "no findings in 2 objects of 2 files; 4 known findings in ../known.json\n", r.out)
	assert.Empty(t, r.err)

	// A copy is new, although the original is not among the files.
	write(t, map[string]string{"z.yaml": aged})
	assert.Equal(t, []string{"z.yaml param-unknown", "z.yaml param-unused"}, foundBy(words("check -q --baseline ../known.json z.yaml")))
	write(t, map[string]string{"x.yaml": "", "y/y.yaml": ""})
	r = words("check -q --baseline ../known.json z.yaml")
	assert.Empty(t, foundBy(r), "they have been renamed")
	assert.Equal(t, "tekwright: warning: 2 known findings in ../known.json are no longer reported\n  help: to remove them, write it again with --write-baseline\n", r.err)
	assert.Equal(t, 0, r.exit)
}

// TestBaselineFaults tests baselines and flags that cannot be used.
func TestBaselineFaults(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"a.yaml": aged, "empty": "\n", "two": `{"version": 3}`, "dir/x": "x"})
	for line, want := range map[string]string{
		"--baseline none":                  "cannot read the baseline none: it does not exist\n  help: write it with --write-baseline",
		"--baseline empty":                 "cannot read the baseline empty: line 2: unexpected end of JSON input",
		"--baseline two":                   "cannot read the baseline two: its version 3 is not supported, only version 2",
		"--baseline dir":                   "cannot read the baseline dir: is a directory",
		"--baseline dir --write-baseline":  "cannot write the baseline dir: it is not a regular file",
		"--baseline no/f --write-baseline": "cannot write the baseline no/f: no such file or directory",
		"--write-baseline --new-from HEAD": "--write-baseline and --new-from cannot be used together",
		"--new-from HEAD -":                "--new-from cannot compare standard input",
		"--new-from HEAD a.yaml":           `cannot compare a.yaml with the revision "HEAD": it is not in a git repository`,
	} {
		r := words("check " + line)
		assert.Equal(t, 2, r.exit, line)
		assert.Contains(t, r.err, want, line)
	}
	r := words("check --write-baseline --max-findings 1")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "not everything was checked, so .tekwright-baseline.json is not written")
	assert.NoFileExists(t, ".tekwright-baseline.json")
}

// TestNewFrom tests where a comparison works, and what it says where it does not.
func TestNewFrom(t *testing.T) {
	files := map[string]string{"tasks/a.yaml": aged, "tasks/b.yaml": replaced("greet", "bye"), "top.yaml": replaced("greet", "top"), "sub/.tekton/r.yaml": replaced("greet", "run")}
	dir := committed(t, files)
	write(t, map[string]string{"tasks/a.yaml": replaced("foo", "bar"), "tasks/new/c.yaml": replaced("greet", "new")})
	gitted(t, ".", "tag", "-am", "x", "v1")
	a, c := "a.yaml param-unknown", "new/c.yaml"
	for _, test := range []struct {
		in, line string
		want     []string
	}{
		{".", "HEAD", []string{"tasks/" + a, "tasks/" + c + " param-unknown", "tasks/" + c + " param-unused"}},
		{".", "v1 tasks/a.yaml top.yaml", []string{"tasks/" + a}},
		{".", "main tasks/b.yaml sub", nil},
		{"tasks", "HEAD", []string{a, c + " param-unknown", c + " param-unused"}},
		{"tasks", "HEAD ../tasks ../top.yaml", []string{"../tasks/" + a, "../tasks/" + c + " param-unknown", "../tasks/" + c + " param-unused"}},
		{"tasks", "HEAD --exclude new", []string{a}},
		{"tasks", "HEAD --exclude ../tasks/new ../tasks", []string{"../tasks/" + a}},
		{"sub", "HEAD " + dir, []string{dir + "/tasks/" + a, dir + "/tasks/" + c + " param-unknown", dir + "/tasks/" + c + " param-unused"}},
		{"/", "HEAD " + dir + "/tasks/a.yaml", []string{dir + "/tasks/" + a}},
	} {
		t.Chdir(filepath.Join(dir, test.in))
		if test.in == "/" {
			t.Chdir("/")
		}
		r := words("check -q --new-from " + test.line)
		assert.Equal(t, test.want, foundBy(r), "%s: %s %s", test.in, test.line, r.err)
	}
	t.Chdir(dir)

	assert.Contains(t, words("check --new-from HEAD tasks/a.yaml").out, "1 error in 1 object of 1 file; 1 finding unchanged since HEAD\n")

	for line, want := range map[string]string{
		"nope":                    `has no revision "nope"`,
		"-x":                      `"-x" is not a git revision`,
		"":                        "",
		"HEAD:tasks":              `has no revision "HEAD:tasks"`,
		"HEAD~1":                  `has no revision "HEAD~1"`,
		"HEAD " + t.TempDir():     "it is not in a git repository",
		"HEAD top.yaml " + "/tmp": "it is outside of the repository",
	} {
		args := append([]string{"check", "--new-from=" + strings.SplitN(line, " ", 2)[0]}, strings.Fields(line)[min(1, len(strings.Fields(line))):]...)
		r := run("", args, "NO_COLOR=1")
		if want == "" {
			assert.Equal(t, 1, r.exit)
			continue
		}
		assert.Equal(t, 2, r.exit, line)
		assert.Contains(t, r.err, want, line)
	}
	assert.Equal(t, "?? tasks/new/", gitted(t, dir, "status", "--short", "tasks/new"))
}

// TestNewFromShallow tests what a shallow clone is told.
func TestNewFromShallow(t *testing.T) {
	from := committed(t, map[string]string{"a.yaml": aged})
	gitted(t, from, "commit", "-qm", "second", "--allow-empty")
	gitted(t, from, "branch", "other")
	to := filepath.Join(t.TempDir(), "clone")
	gitted(t, from, "clone", "-q", "--depth=1", "--single-branch", "file://"+from, to)
	t.Chdir(to)
	r := words("check --new-from HEAD~1")
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, "tekwright: the revision \"HEAD~1\" is not in this shallow clone\n  help: fetch more of the history, such as with: git fetch --depth=100\n", r.err)
	r = words("check --new-from origin/other")
	assert.Equal(t, "tekwright: the revision \"origin/other\" is not in this shallow clone\n  help: fetch it: git fetch --depth=1 origin other, and use FETCH_HEAD as the revision\n", r.err)
	gitted(t, to, "fetch", "-q", "--depth=1", "origin", "other")
	assert.Empty(t, foundBy(words("check -q --new-from FETCH_HEAD")))
	gitted(t, to, "fetch", "-q", "--depth=100")
	assert.Empty(t, foundBy(words("check -q --new-from HEAD~1")))
}

// TestAdoptedSARIF tests the states of results.
func TestAdoptedSARIF(t *testing.T) {
	committed(t, map[string]string{"a.yaml": replaced("    - name: who", "    - name: who\n    - name: later # tekwright: ignore param-unused -- next version")})
	write(t, map[string]string{"b.yaml": replaced("greet", "bye")})
	type results struct {
		Runs []struct {
			Results []struct {
				RuleID, BaselineState string
				Suppressions          []struct{ Kind, Justification string }
				PartialFingerprints   map[string]string
			}
		}
	}
	states := func(line string) (all []string) {
		var log results
		require.NoError(t, json.Unmarshal([]byte(words("check -o sarif "+line).out), &log), line)
		for _, r := range log.Runs[0].Results {
			text := r.RuleID + " " + r.BaselineState
			for _, s := range r.Suppressions {
				text += " " + s.Kind + " " + s.Justification
			}
			assert.Equal(t, strings.Contains(line, "--all"), r.Suppressions != nil)
			assert.Len(t, r.PartialFingerprints["tekwrightFinding/v1"], 32)
			all = append(all, text)
		}
		return all
	}
	assert.Equal(t, []string{"param-unused ", "param-unknown ", "param-unused ", "param-unknown "}, states(""))
	assert.Equal(t, []string{"param-unused new", "param-unknown new"}, states("--new-from HEAD"))
	want := []string{"param-unused new", "param-unknown new", "param-unused unchanged", "param-unknown unchanged", "param-unused  inSource next version"}
	assert.Equal(t, want, states("--new-from HEAD --all"))
	assert.Contains(t, words("check --new-from HEAD").out, "1 error, 1 warning in 2 objects of 2 files; 2 findings unchanged since HEAD; 1 suppressed\n")
}

// TestNewFromConfigured tests that the revision is checked with the configuration and the
// flags of today, in files that only it has, too.
func TestNewFromConfigured(t *testing.T) {
	committed(t, map[string]string{"a/old.yaml": aged, "b/x.yaml": replaced("greet", "bye"), "c/x.yaml": replaced("greet", "left")})
	write(t, map[string]string{
		".tekwright.yaml": "exclude: [c]\noverrides:\n  - paths: [a/**]\n    severities: {param-unused: error}\n  - paths: [b/**]\n    severities: {param-unknown: off}\n",
		"a/old.yaml":      "", "a/new.yaml": replaced("who", "who2"), "b/x.yaml": strings.Replace(replaced("greet", "bye"), "foo", "bar", 1),
	})
	for _, dir := range []string{"", "/" + strings.TrimPrefix(filepath.ToSlash(whereIs(t)), "/")} {
		args := []string{"check", "-q", "--new-from", "HEAD"}
		prefix := ""
		if dir != "" {
			args, prefix = append(args, dir), dir+"/"
		}
		r := run("", args, "NO_COLOR=1")
		assert.Equal(t, []string{prefix + "a/new.yaml param-unused"}, foundBy(r), r.err)
		assert.Contains(t, r.out, "error param-unused")
	}
}

func whereIs(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	return dir
}

// TestAdoptedKustomization tests comments, baselines and revisions with objects that are
// rendered, also twice.
func TestAdoptedKustomization(t *testing.T) {
	files := map[string]string{
		"base/kustomization.yaml": "resources: [task.yaml]\n",
		"base/task.yaml":          replaced("    - name: who", "    - name: who # tekwright: ignore param-unused -- later\n    # tekwright: ignore param-unknown -- not here\n    - name: more"),
		"one/kustomization.yaml":  "resources: [../base]\nnamespace: one\n",
		"two/kustomization.yaml":  "resources: [../base]\nnamespace: two\n",
	}
	committed(t, files)
	want := []string{"base/task.yaml param-unknown", "base/task.yaml param-unused", "base/task.yaml suppression-unused"}
	assert.Equal(t, want, foundBy(words("check -q")))
	assert.Empty(t, foundBy(words("check -q --new-from HEAD")))
	require.Equal(t, 0, words("check --write-baseline").exit)
	r := words("check -q --baseline .tekwright-baseline.json")
	assert.Empty(t, foundBy(r))
	assert.Empty(t, r.err)
	write(t, map[string]string{"base/task.yaml": strings.Replace(files["base/task.yaml"], "foo", "bar", 1)})
	assert.Equal(t, []string{"base/task.yaml param-unknown"}, foundBy(words("check -q --new-from HEAD")))
	assert.Equal(t, []string{"base/task.yaml param-unknown"}, foundBy(words("check -q --baseline .tekwright-baseline.json")))
}
