package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/golden"
)

// fixed runs check --fix on a text in a file of its own, and returns the text then.
func fixed(t *testing.T, text, flags string) (string, result) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.yaml", []byte(text), 0o600))
	r := words("check --no-config --all " + flags + " a.yaml")
	after, err := os.ReadFile("a.yaml")
	require.NoError(t, err)
	return string(after), r
}

// doneFixes matches the line that says what has been fixed.
var doneFixes = regexp.MustCompile(`(?m)^fixed \d`)

// TestFix compares what fixes change in the files below testdata/fix with what they should.
// The same is done with other line ends. What is fixed stays as it is when it is fixed
// again.
func TestFix(t *testing.T) {
	names, err := filepath.Glob("testdata/fix/*.yaml")
	require.NoError(t, err)
	require.Greater(t, len(names), 7)
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		before := strings.ReplaceAll(string(text), "\r\n", "\n")
		for _, level := range []string{"safe", "unsafe"} {
			t.Run(filepath.Base(name)+" "+level, func(t *testing.T) {
				same, shown := fixed(t, before, "--diff --fix="+level)
				assert.Equal(t, before, same, "--diff changes the file")
				golden.Check(t, filepath.Join(here, strings.TrimSuffix(name, "yaml")+level+".diff"), []byte(shown.out))

				after, r := fixed(t, before, "--fix="+level)
				assert.Equal(t, shown.out, diff.Unified("a/a.yaml", "b/a.yaml", before, after))
				assert.NotContains(t, r.out, "internal:")
				assert.Equal(t, before != after, doneFixes.MatchString(r.out), r.out)

				again, r := fixed(t, after, "--fix="+level)
				assert.Equal(t, after, again, "not idempotent")
				assert.NotRegexp(t, doneFixes, r.out)

				windows, _ := fixed(t, strings.ReplaceAll(before, "\n", "\r\n"), "--fix="+level)
				assert.Equal(t, strings.ReplaceAll(after, "\n", "\r\n"), windows)

				marked, _ := fixed(t, "\ufeff"+before, "--fix="+level)
				assert.Equal(t, "\ufeff"+after, marked)
			})
		}
	}
}

// mistaken is a Task with a fix that is safe, and one that is not.
const mistaken = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: who, Default: x}]
  steps:
    - image: docker.io/library/busybox:1.37
      args: ["$(params.whom)", "$(params.who)"]
`

// mended is mistaken with the safe fix.
var mended = strings.Replace(mistaken, "Default", "default", 1)

func TestFixSummary(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"a.yaml": mistaken})
	assert.Contains(t, words("check a.yaml").out, "2 errors in 1 object of 1 file; 1 can be fixed with --fix, 1 more with --fix=unsafe\n")
	r := words("check --fix a.yaml")
	assert.Equal(t, 1, r.exit)
	assert.Contains(t, r.out, "fixed 1 finding in 1 file; 1 error in 1 object of 1 file; 1 can be fixed with --fix=unsafe\n")
	r = words("check --fix=unsafe a.yaml")
	assert.Equal(t, 0, r.exit)
	assert.Equal(t, "fixed 1 finding in 1 file; no findings in 1 object of 1 file\n", r.out)
}

// TestFixFolder tests that each file is upgraded by itself: two of them cannot be, one because
// its fix is wrong, and one because it has interceptors that only the old version has.
func TestFixFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{
		"a.yaml": "apiVersion: tekton.dev/v1beta1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  resources: [{name: src, type: git}]\n  tasks: [{name: a, taskRef: {name: t}}]\n",
		"b.yaml": "apiVersion: tekton.dev/v1beta1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps: [{name: s, image: busybox:1.37, command: [date]}]\n",
		"c.yaml": "apiVersion: triggers.tekton.dev/v1alpha1\nkind: EventListener\nmetadata: {name: l}\nspec:\n  serviceAccountName: l\n  triggers: [{name: t, interceptors: [{github: {secretRef: {secretName: s, secretKey: k}, eventTypes: [push]}}], template: {ref: r}}]\n",
		"d.yaml": "apiVersion: triggers.tekton.dev/v1alpha1\nkind: TriggerTemplate\nmetadata: {name: r}\nspec:\n  resourcetemplates:\n    - apiVersion: tekton.dev/v1beta1\n      kind: PipelineRun\n      metadata: {generateName: r-}\n      spec:\n        serviceAccountName: bot\n        pipelineRef: {name: p}\n        workspaces: [{name: w, persistentvolumeclaim: {claimName: c}}]\n",
	})
	old := func() (files []string) {
		for _, name := range []string{"a.yaml", "b.yaml", "c.yaml", "d.yaml"} {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			if strings.Contains(string(text), "v1beta1\nkind: T") && !strings.Contains(string(text), "triggers.tekton.dev/v1beta1") || strings.Contains(string(text), "v1beta1\nkind: P") || strings.Contains(string(text), "v1alpha1") {
				files = append(files, name)
			}
		}
		return files
	}
	require.Equal(t, []string{"a.yaml", "b.yaml", "c.yaml", "d.yaml"}, old())
	r := words("check --no-config --fix=unsafe")
	assert.Equal(t, []string{"a.yaml", "c.yaml"}, old(), "%s%s", r.out, r.err)
	assert.Contains(t, r.err, "a.yaml:1:13: the fix for version-deprecated (change all of the file from tekton.dev/v1beta1 to tekton.dev/v1) is not applied")
	assert.NotContains(t, r.err, "c.yaml")
	assert.NotContains(t, r.out, "can be fixed")
	text, err := os.ReadFile("d.yaml")
	require.NoError(t, err)
	assert.Contains(t, string(text), "persistentVolumeClaim: {claimName: c}")
	assert.Contains(t, string(text), "taskRunTemplate:\n          serviceAccountName: bot")
}

// TestFixSilenced tests that nothing is fixed that is not reported.
func TestFixSilenced(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		flags string
		fixed bool
	}{
		"nothing silences it": {nil, "", true},
		"a comment":           {map[string]string{"a.yaml": strings.Replace(mistaken, "Default: x}]", "Default: x}] # tekwright: ignore field-unknown -- why", 1)}, "", false},
		"a rule is off":       {nil, "--disable field-unknown", false},
		"the configuration":   {map[string]string{".tekwright.yaml": "disabled: [field-unknown]\n"}, "", false},
		"a baseline":          {map[string]string{"known.json": `{"version":1}`}, "--baseline known.json", false},
		"another severity":    {map[string]string{"a.yaml": strings.Replace(mistaken, "params: [{name: who, Default: x}]", "params: [{name: who, default: yes}]", 1)}, "--fix=unsafe --severity error", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, map[string]string{"a.yaml": mistaken})
			write(t, c.files)
			if strings.Contains(c.flags, "--baseline") {
				require.Equal(t, 0, words("check --baseline known.json --write-baseline .").exit)
			}
			before, err := os.ReadFile("a.yaml")
			require.NoError(t, err)
			r := words("check --fix " + c.flags + " .")
			after, err := os.ReadFile("a.yaml")
			require.NoError(t, err)
			if name == "another severity" { // the error is fixed, the warning is not
				assert.Contains(t, string(after), "default: yes")
				return
			}
			assert.Equal(t, c.fixed, string(before) != string(after), "%s%s", r.out, r.err)
		})
	}
}

func TestFixNewFrom(t *testing.T) {
	committed(t, map[string]string{"a.yaml": mistaken})
	write(t, map[string]string{"b.yaml": strings.ReplaceAll(mistaken, "name: t}", "name: u}")})
	r := words("check --fix --new-from HEAD .")
	assert.Equal(t, 1, r.exit, r.err)
	text, err := os.ReadFile("a.yaml")
	require.NoError(t, err)
	assert.Equal(t, mistaken, string(text))
	text, err = os.ReadFile("b.yaml")
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(mended, "name: t}", "name: u}"), string(text))
}

// TestFixFiles tests what is done to files on disk.
func TestFixFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("has other permissions and links")
	}
	text := func(name string) string {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		return string(b)
	}
	t.Run("permissions", func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"a.yaml": mistaken})
		require.NoError(t, os.Chmod("a.yaml", 0o640))
		words("check --fix .")
		info, err := os.Stat("a.yaml")
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode())
		assert.Equal(t, mended, text("a.yaml"))
		rest, err := os.ReadDir(".")
		require.NoError(t, err)
		assert.Len(t, rest, 1, "a temporary file is left")
	})
	t.Run("a symbolic link", func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"real/x.txt": mistaken})
		require.NoError(t, os.Symlink("real/x.txt", "a.yaml"))
		r := words("check --fix a.yaml")
		assert.Equal(t, 1, r.exit)
		assert.Contains(t, r.err, "a.yaml is not fixed: it is a symbolic link")
		assert.Equal(t, mistaken, text("real/x.txt"))
	})
	t.Run("a generated file", func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"a.yaml": "# Code generated by tekwright; DO NOT EDIT.\n" + mistaken})
		r := words("check --fix a.yaml")
		assert.Contains(t, r.err, "a.yaml is not fixed: it is generated")
		assert.Contains(t, text("a.yaml"), "Default")
	})
	t.Run("a read-only file", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("the superuser may write all files")
		}
		t.Chdir(t.TempDir())
		write(t, map[string]string{"a.yaml": mistaken, "b.yaml": strings.ReplaceAll(mistaken, "name: t}", "name: u}")})
		require.NoError(t, os.Chmod("a.yaml", 0o400))
		r := words("check --fix .")
		assert.Equal(t, 2, r.exit)
		assert.Contains(t, r.err, "cannot write a.yaml: permission denied")
		assert.Equal(t, mistaken, text("a.yaml"))
		assert.Contains(t, text("b.yaml"), "default")
	})
	t.Run("rendered", func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": mistaken,
			"prod/kustomization.yaml": "resources: [../base]\nnamePrefix: p-\n"})
		r := words("check --fix=unsafe .")
		assert.Equal(t, mistaken, text("base/a.yaml"), r.out)
	})
	t.Run("standard input", func(t *testing.T) {
		r := run(mistaken, []string{"check", "--fix", "-"})
		assert.Equal(t, 2, r.exit)
		assert.Equal(t, "tekwright: --fix cannot change standard input\n  help: use --diff to see the changes, or pass a file\n", r.err)
		r = run(mistaken, []string{"check", "--diff", "-"})
		assert.Contains(t, r.out, "+  params: [{name: who, default: x}]\n")
		assert.Equal(t, 1, r.exit)
	})
	t.Run("a Secret beside it", func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: hunter22\n  pin: 471147114711\n---\n" + mistaken})
		r := words("check --diff a.yaml")
		assert.NotContains(t, r.out, "hunter22")
		assert.NotContains(t, r.out, "4711")
		assert.Contains(t, r.out, "default: x")
		words("check --fix a.yaml")
		assert.Contains(t, text("a.yaml"), "password: hunter22\n  pin: \"471147114711\"\n")
		assert.Contains(t, text("a.yaml"), "default: x")
	})
}

func TestFixFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"a.yaml": mistaken})
	for line, want := range map[string]string{
		"check --fix unsafe":           "the file or folder unsafe does not exist\n  help: write --fix=unsafe, with =",
		"check --fix=all":              "must be safe or unsafe",
		"check --fix --write-baseline": "--fix and --write-baseline cannot be used together",
		"check --diff -o json":         "--diff cannot be used with -o json",
		"check --diff --summary":       "--diff cannot be used with --summary",
		"check --fix --max-values 1 .": "not everything was checked, so nothing is fixed",
	} {
		r := words(line)
		assert.Equal(t, 2, r.exit, line)
		assert.Contains(t, r.err, want, line)
	}
	text, err := os.ReadFile("a.yaml")
	require.NoError(t, err)
	assert.Equal(t, mistaken, string(text))
}

// TestFixFormats tests what JSON and SARIF say about fixes.
func TestFixFormats(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"a.yaml": "# ö\n" + mistaken})
	var findings []struct {
		Code  string
		Fixes []struct {
			Message string
			Safe    bool
			Edits   []struct {
				File, New  string
				Start, End int
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(words("check -o json a.yaml").out), &findings))
	require.Len(t, findings, 2)
	require.Len(t, findings[0].Fixes, 1)
	x := findings[0].Fixes[0]
	assert.Equal(t, `rename "Default" to "default"`, x.Message)
	assert.True(t, x.Safe)
	require.Len(t, x.Edits, 1)
	assert.Equal(t, "Default", ("# ö\n" + mistaken)[x.Edits[0].Start:x.Edits[0].End])
	assert.Equal(t, "default", x.Edits[0].New)
	assert.False(t, findings[1].Fixes[0].Safe)
	out := words("check -o sarif a.yaml").out
	assert.Contains(t, out, `"deletedRegion": {`)
	var sarif struct {
		Runs []struct {
			Results []struct {
				Fixes []struct {
					ArtifactChanges []struct {
						Replacements []struct {
							DeletedRegion   struct{ StartLine, StartColumn, EndLine, EndColumn int }
							InsertedContent struct{ Text string }
						}
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &sarif))
	change := sarif.Runs[0].Results[0].Fixes[0].ArtifactChanges[0].Replacements[0]
	assert.Equal(t, struct{ StartLine, StartColumn, EndLine, EndColumn int }{6, 24, 6, 31}, change.DeletedRegion)
	assert.Equal(t, "default", change.InsertedContent.Text)
}

// A key of an object in another case hides what it is. Renamed, it is checked.
func TestFixUntyped(t *testing.T) {
	const task = "apiVersion: tekton.dev/v1\nKind: Task # here\nmetadata: {name: t}\nspec: {steps: [{name: s, image: 'docker.io/library/busybox:1.37', script: date}]}\n"
	archive(t, "-- t.yaml --\n"+task+"-- twice.yaml --\n"+strings.Replace(task, "Kind:", "Kind: Task\nKIND:", 1))
	_, out, errOut := ran("check", "--no-color", "--fix", ".")
	assert.Empty(t, errOut)
	text, err := os.ReadFile("t.yaml")
	require.NoError(t, err)
	assert.Contains(t, string(text), "\nkind: Task # here\n", out)
	text, err = os.ReadFile("twice.yaml")
	require.NoError(t, err)
	assert.Contains(t, string(text), "\nKind: Task\nKIND: Task # here\n", out)
	assert.NotContains(t, out, "\nt.yaml:", out)
}

// TestDiffNames tests that the name of a file is no line of a diff.
func TestDiffNames(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  Params: []\n  steps: [{image: 'docker.io/library/busybox:1.37', script: date}]\n"
	if err := os.WriteFile("x\n--- evil\n+++ evil\n@@ -0,0 +1,1 @@\n+\"\t.yaml", []byte(text), 0o600); err != nil {
		t.Skip("the system has no such names")
	}
	r := words("check --diff")
	assert.True(t, strings.HasPrefix(r.out, `--- "a/x\012--- evil\012+++ evil\012@@ -0,0 +1,1 @@\012+\"\011.yaml"`+"\n"+`+++ "b/x\012--- evil`), r.out)
	assert.NotContains(t, r.out, "\n+++ evil")
}
