package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const greet = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who}]
  results: [{name: said}]
  steps:
    - name: greet
      image: registry.local/busybox:1
      env: [{name: WHO, value: $(params.who)}]
      script: |
        echo "hello $WHO"
        say "$WHO"
        printf %s "$WHO" >"$(results.said.path)"
`

// tested runs the command with the programs of this machine.
func tested(args ...string) (out, errs string, code int) {
	r := run("", args, "NO_COLOR=1", "PATH="+os.Getenv("PATH"))
	return r.out, r.err, r.exit
}

// folder makes a folder with files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

func TestTest(t *testing.T) {
	dir := folder(t, map[string]string{"a/greet.yaml": greet, "a/greet_test.yaml": `cases:
  - name: greets
    params: {who: you}
    commands: {say: {}}
    hostile: [who]
    expect: {stdout: "hello you\n", results: {said: you}, calls: [[say, you]]}
`, "b/greet.yaml": greet, "b/greet_test.yaml": `cases:
  - name: other
    params: {who: me}
    commands: {say: {}}
    expect: {stdout: {contains: you}}
  - name: good
    params: {who: me}
    commands: {say: {}}
`})
	out, errs, code := tested("test", dir+"/a")
	assert.Equal(t, 0, code, errs)
	assert.Equal(t, "ok  \t"+dir+"/a/greet_test.yaml\n", out)

	out, _, code = tested("test", dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "ok  \t"+dir+"/a/greet_test.yaml\n--- FAIL: "+dir+"/b/greet_test.yaml/other\n"+
		"    "+dir+"/b/greet_test.yaml:2:5: stdout is \"hello me\\n\", which does not contain \"you\"\n")
	assert.Contains(t, out, "| hello me\n")
	assert.Contains(t, out, "FAIL\t"+dir+"/b/greet_test.yaml\n")

	out, _, code = tested("test", "-v", "--run", "/good$", dir)
	assert.Equal(t, 0, code)
	assert.Contains(t, out, "=== RUN   "+dir+"/b/greet_test.yaml/good\n--- PASS: ")
	assert.NotContains(t, out, "/a/")

	out, _, code = tested("test", "-o", "junit", dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, `tests="2" failures="1" errors="0"`)

	// The files are no manifests.
	out, errs, code = tested("check", dir+"/a")
	assert.Equal(t, 0, code, errs)
	assert.Contains(t, out, "in 1 object of 1 file")
}

func TestTestMistakes(t *testing.T) {
	dir := folder(t, map[string]string{
		"none/greet.yaml": greet, "typo/greet.yaml": greet, "typo/greet_test.yaml": "cases:\n  - parms: {who: you}\n",
		"param/greet.yaml": greet, "param/greet_test.yaml": "cases:\n  - name: x\n", "alone/greet_test.yaml": "cases: [{name: x}]",
		"two/all.yaml": greet + "---\n" + strings.ReplaceAll(greet, "name: greet}", "name: other}"), "two/x_test.yaml": "cases: [{name: x}]",
		"broken/greet.yaml": "kind: [", "broken/greet_test.yaml": "cases: [{name: x}]",
	})
	for args, want := range map[string]string{
		"test":                              "no files given",
		"test " + dir + "/none":             "no files with cases found in " + dir + "/none",
		"test " + dir + "/none/greet.yaml":  "is not a file with cases",
		"test " + dir + "/gone":             "cannot read",
		"test " + dir + "/typo":             "greet_test.yaml:2:5: error test-invalid: the case has an unknown field \"parms\"",
		"test " + dir + "/alone":            "there is no Task beside it",
		"test " + dir + "/two":              "there are 2 Tasks beside it: set task to the name of one",
		"test " + dir + "/broken":           "yaml-invalid",
		"test --run ( " + dir + "/param":    "--run is not a regular expression",
		"test --run nope " + dir + "/param": "no case matches",
		"test --count 0 " + dir + "/param":  "--count must be at least 1",
		"test --runner vm " + dir:           "must be host or containers",
	} {
		_, errs, code := tested(strings.Fields(args)...)
		assert.Equal(t, 2, code, args)
		assert.Contains(t, errs, want, args)
	}
	out, _, code := tested("test", dir+"/param")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, `the case cannot run: param "who" has no value and no default`)
}

// TestTestFolders: the folder of a workspace is below that of the cases, also if the case runs
// twice, and no link leads out of it.
func TestTestFolders(t *testing.T) {
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: read}\nspec:\n  workspaces: [{name: w}]\n" +
		"  steps: [{name: s, image: registry.local/busybox:1, script: 'cat $(workspaces.w.path)/file'}]\n"
	dir := folder(t, map[string]string{
		"cases/read.yaml": task, "cases/data/file": "mine", "secret/file": "theirs",
		"cases/read_test.yaml": "cases:\n  - name: inside\n    workspaces: {w: {dir: data}}\n    expect: {stdout: mine}\n" +
			"  - name: outside\n    workspaces: {w: {dir: link}}\n",
	})
	require.NoError(t, os.Symlink("../secret", filepath.Join(dir, "cases", "link")))
	out, errs, code := tested("test", "--count", "2", "--run", "/inside$", dir+"/cases")
	assert.Equal(t, 0, code, out+errs)
	out, errs, code = tested("test", "-v", "--run", "/outside$", dir+"/cases")
	assert.Equal(t, 2, code, errs)
	assert.Contains(t, out, `a symbolic link leads from the folder "link" of workspace "w" out of the folder of the cases`)
	assert.NotContains(t, out, "theirs")
}

// TestTestLinkedTask: the Task of a file with cases is in the folder of the cases, after links
// are followed. A stranger's cases could otherwise run, and show, files from elsewhere.
func TestTestLinkedTask(t *testing.T) {
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: x}\nspec:\n" +
		"  steps: [{name: s, image: registry.local/busybox:1, script: 'echo elsewhere'}]\n"
	const cases = "cases:\n  - name: runs\n    expect: {stdout: \"elsewhere\\n\"}\n"
	dir := folder(t, map[string]string{
		"cases/out_test.yaml": cases, "in/in_test.yaml": cases, "in/real/task.yaml": task, "elsewhere.yaml": task,
	})
	require.NoError(t, os.Symlink("../elsewhere.yaml", filepath.Join(dir, "cases", "out.yaml")))
	require.NoError(t, os.Symlink("real/task.yaml", filepath.Join(dir, "in", "in.yaml")))
	out, errs, code := tested("test", "-v", dir+"/cases")
	assert.Equal(t, 2, code, out)
	assert.Contains(t, errs, `a symbolic link leads from the Task "out.yaml" out of the folder of the cases`)
	assert.NotContains(t, out+errs, "echo elsewhere")
	out, errs, code = tested("test", dir+"/in")
	assert.Equal(t, 0, code, out+errs)
}
