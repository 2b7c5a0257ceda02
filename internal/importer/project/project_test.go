package project_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
)

// options are those of a package that is called ci.
var options = project.Options{Package: "ci", ImportPath: "example.com/ci", Manifests: "../manifests"}

// made imports paths.
func made(t *testing.T, o project.Options, paths ...string) (*project.Sources, *project.Project) {
	t.Helper()
	s, err := project.Read(t.Context(), paths, project.ReadOptions{})
	require.NoError(t, err)
	p, err := project.Make(s, o)
	require.NoError(t, err)
	return s, p
}

// write imports paths into a folder, and returns the changes.
func write(t *testing.T, dir string, paths ...string) *project.Changes {
	t.Helper()
	require.NoError(t, project.Recover(dir))
	state, err := project.ReadState(dir)
	require.NoError(t, err)
	o := options
	o.Names = state.Names
	_, p := made(t, o, paths...)
	c, err := p.Compare(dir, state)
	require.NoError(t, err)
	require.NoError(t, c.Apply())
	return c
}

// files returns the files below a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	}))
	return out
}

// folder writes files into a new folder.
func folder(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		name = filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	return dir
}

// TestFolder shows all files of a package.
func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ci")
	write(t, dir, "testdata/estate")
	all := files(t, dir)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, all[name])
	}
	golden.Check(t, "testdata/estate.txt", []byte(b.String()))
	originals, err := proof.Read(t.Context(), filepath.Join(dir, "testdata", "import"))
	require.NoError(t, err)
	assert.Len(t, originals.Objects, 6)
	again := filepath.Join(t.TempDir(), "ci")
	write(t, again, filepath.Join(dir, "testdata", "import"))
	assert.Equal(t, all["set.go"], files(t, again)["set.go"])
}

// TestExamples imports what the examples emit. The package emits the same bytes, and what it
// emits becomes the same Go.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("../../../examples/*/manifests")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, dir := range folders {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			s, p := made(t, options, dir)
			set, err := project.Set(s, options)
			require.NoError(t, err)
			out := filepath.Join(t.TempDir(), "manifests")
			require.NoError(t, set.WriteDir(out))
			want, got := files(t, dir), files(t, out)
			for _, all := range []map[string]string{want, got} { // declared Secrets are not imported
				maps.DeleteFunc(all, func(name, _ string) bool {
					return filepath.Ext(name) != ".yaml" || name == "declared.yaml" || name == "kustomization.yaml"
				})
			}
			assert.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
			for name := range want {
				assert.Equal(t, want[name], got[name], name)
			}
			_, again := made(t, options, out)
			text := func(p *project.Project) map[string]string {
				all := map[string]string{}
				for _, f := range p.Files {
					if filepath.Ext(f.Name) != ".yaml" {
						all[f.Name] = string(f.Text)
					}
				}
				return all
			}
			assert.Equal(t, text(p), text(again))
		})
	}
}

// TestAgain tests that another import changes nothing, and keeps what somebody has done.
func TestAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ci")
	first := write(t, dir, "testdata/estate")
	before := files(t, dir)
	again := write(t, dir, "testdata/estate")
	assert.Empty(t, again.Write)
	assert.Empty(t, again.Remove)
	assert.Empty(t, again.Left)
	assert.Equal(t, len(first.Write), again.Same)
	assert.Equal(t, before, files(t, dir))

	edited := filepath.Join(dir, "task_clone.go")
	require.NoError(t, os.WriteFile(edited, []byte("package ci // mine\n"), 0o600))
	require.NoError(t, os.Remove(filepath.Join(dir, "triggers.go")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.go"), []byte("package ci\n"), 0o600))
	for range 2 { // what was edited is remembered
		c := write(t, dir, "testdata/estate")
		assert.Equal(t, []project.Left{{File: "task_clone.go", Why: "it was edited"}, {File: "triggers.go", Why: "it was removed"}}, c.Left)
		assert.Equal(t, "package ci // mine\n", files(t, dir)["task_clone.go"])
	}

	// Objects that are gone take their files along, and only these.
	c := write(t, dir, "testdata/estate/run.yaml")
	assert.Contains(t, c.Remove, "pipeline_release.go")
	assert.Contains(t, c.Remove, "scripts/clone/clone.sh")
	assert.Contains(t, c.Left, project.Left{File: "task_clone.go", Why: "kept, as it was edited; its YAML is gone: delete it by hand"})
	left := files(t, dir)
	assert.NotContains(t, left, "pipeline_release.go")
	assert.Contains(t, left, "mine.go")
	assert.Contains(t, left, "task_clone.go")
	assert.NoDirExists(t, filepath.Join(dir, "scripts"))
}

// TestProofRemoved tests that a proof that somebody has removed does not come back.
func TestProofRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ci")
	write(t, dir, "testdata/estate")
	require.NoError(t, os.Remove(filepath.Join(dir, "import_test.go")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "testdata")))
	write(t, dir, "testdata/estate")
	assert.NoFileExists(t, filepath.Join(dir, "import_test.go"))
	assert.NoDirExists(t, filepath.Join(dir, "testdata"))
}

// TestOthers tests that a folder of others is left alone.
func TestOthers(t *testing.T) {
	_, err := project.ReadState(folder(t, map[string]string{"go.mod": "module x\n", "main.go": "package main\n"}))
	require.ErrorContains(t, err, `has other files, such as "main.go"`)
	_, err = project.ReadState(folder(t, map[string]string{"go.mod": "module x\n", ".gitignore": ""}))
	require.NoError(t, err)
	_, err = project.ReadState(folder(t, map[string]string{"import.json": "{}"}))
	require.ErrorContains(t, err, "was not written by this version")
}

// TestLinks tests that nothing is written through links.
func TestLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ci")
	write(t, dir, "testdata/estate/run.yaml")
	outside := folder(t, map[string]string{"set.go": "theirs\n", "x": ""})
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "scripts")))
	require.NoError(t, os.Remove(filepath.Join(dir, "set.go")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "set.go"), filepath.Join(dir, "set.go")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "triggers.go"), 0o755))
	c := write(t, dir, "testdata/estate")
	assert.Equal(t, map[string]string{"set.go": "theirs\n", "x": ""}, files(t, outside))
	why := map[string]string{}
	for _, l := range c.Left {
		why[l.File] = l.Why
	}
	assert.Equal(t, "it is a link, or in a folder that is one", why["set.go"])
	assert.Equal(t, "it is a link, or in a folder that is one", why["scripts/clone/clone.sh"])
	assert.Equal(t, "a file or a folder is in its place", why["triggers.go"])
}

// TestStopped stops an import at each of its steps. What is there is the old package; after
// Recover, it is the old or the new one.
func TestStopped(t *testing.T) {
	before, after := filepath.Join(t.TempDir(), "ci"), filepath.Join(t.TempDir(), "ci")
	write(t, before, "testdata/estate/run.yaml")
	write(t, after, "testdata/estate/run.yaml")
	write(t, after, "testdata/estate")
	older, newer := files(t, before), files(t, after)
	steps := 0
	for stop := 0; ; stop++ {
		dir := filepath.Join(t.TempDir(), "ci")
		require.NoError(t, os.CopyFS(dir, os.DirFS(before)))
		if !stopped(t, dir, stop) {
			break
		}
		steps++
		require.NoError(t, project.Recover(dir))
		switch got := files(t, dir); {
		case maps.Equal(got, older), maps.Equal(got, newer):
		default:
			t.Errorf("after %d steps, the package is neither the old nor the new one: %v", stop, slices.Sorted(maps.Keys(got)))
		}
		write(t, dir, "testdata/estate")
		assert.Equal(t, newer, files(t, dir))
	}
	assert.Greater(t, steps, 20)
}

// stopped imports into a folder until a number of steps are done, and reports whether there
// were more.
func stopped(t *testing.T, dir string, steps int) (more bool) {
	t.Helper()
	state, err := project.ReadState(dir)
	require.NoError(t, err)
	o := options
	o.Names = state.Names
	_, p := made(t, o, "testdata/estate")
	c, err := p.Compare(dir, state)
	require.NoError(t, err)
	defer project.StopAfter(steps)()
	err = c.Apply()
	if err != nil {
		require.ErrorIs(t, err, project.ErrStopped)
	}
	return err != nil
}

// TestPlanted tests that a journal of somebody else moves and removes nothing.
func TestPlanted(t *testing.T) {
	outside := folder(t, map[string]string{"a": "a"})
	dir := folder(t, map[string]string{
		"go.mod": "module x\n",
		".tekwright-import/journal.json": `[{"file":"../a","staged":"0","digest":"x"},{"file":"go.mod","digest":"x"},{"file":"` +
			filepath.ToSlash(outside) + `/a","digest":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]`,
	})
	require.NoError(t, project.Recover(dir))
	assert.Equal(t, map[string]string{"go.mod": "module x\n"}, files(t, dir))
	assert.Equal(t, map[string]string{"a": "a"}, files(t, outside))
}

// TestSecrets tests that no file has a value of a Secret, wherever it is written.
func TestSecrets(t *testing.T) {
	const value, encoded = "Zx81-Kestrel-Quartz", "Wng4MS1LZXN0cmVsLVF1YXJ0eg=="
	dir := folder(t, map[string]string{
		"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\":\"" + encoded + "\"}'}}\n" +
			"stringData:\n  # " + value + "\n  token: " + value + "\n---\n# " + value + "\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\n" +
			"spec: {steps: [{name: s, image: registry.local/a:1, env: [{name: TOKEN, value: " + value + "}], command: [a]}]}\n",
		"list.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n  data: {x: &x " + encoded + ", y: *x}\n" +
			"- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data: {a: b}\n",
		"template.yaml": "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  resourcetemplates:\n" +
			"  - apiVersion: v1\n    kind: Secret\n    metadata: {generateName: d-}\n    stringData: {token: " + value + "}\n",
		"json.json":   `{"apiVersion":"v1","kind":"\u0053ecret","metadata":{"name":"e"},"data":{"token":"` + encoded + `"}}`,
		"broken.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: f\nstringData: {token: " + value + "}\n",
		// Its own metadata repeats the value, as a checksum or a name of an account does.
		"own.yaml":   "apiVersion: v1\nkind: Secret\nmetadata: {name: g, labels: {a: " + value + "}}\nstringData: {token: " + value + "}\n",
		"other.yaml": "apiVersion: example.com/v1\nkind: Template\nmetadata: {name: o}\nobjects:\n- {apiVersion: v1, kind: Secret, metadata: {name: p}, data: {a: " + encoded + "}}\n",
	})
	s, p := made(t, options, dir)
	assert.Len(t, s.Emptied, 6)
	assert.Len(t, s.Hidden, 2)
	out := filepath.Join(t.TempDir(), "ci")
	c, err := p.Compare(out, project.State{})
	require.NoError(t, err)
	require.NoError(t, c.Apply())
	for name, text := range files(t, out) {
		assert.NotContains(t, text, value, name)
		assert.NotContains(t, text, encoded, name)
	}
	all := strings.Join(slices.Collect(maps.Values(files(t, out))), "\n")
	for _, name := range []string{"token", "ConfigMap", "d-"} {
		assert.Contains(t, all, name)
	}
}

// TestPackages tests how objects of one identity are distributed.
func TestPackages(t *testing.T) {
	task := func(name, image string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + name + "}\nspec: {steps: [{name: s, image: " + image + ", command: [a]}]}\n"
	}
	dir := folder(t, map[string]string{
		"git-clone/0.8/git-clone.yaml": task("git-clone", "a:8"), "git-clone/0.9/git-clone.yaml": task("git-clone", "a:9"),
		"git-clone/0.9/tests/run.yaml": task("other", "a:1"), "lint/lint.yaml": task("lint", "a:1"), "copy/lint.yaml": task("lint", "a:1"),
		"overlays/prod/x.yaml": task("x", "a:1") + "---\n" + task("x", "a:2"), "internal/y.yaml": task("y", "a:1"), "zz/internal/y.yaml": task("y", "a:2"),
		"main/y.yaml": task("y", "a:3"), "con/y.yaml": task("y", "a:4"),
	})
	s, p := made(t, options, dir)
	var dirs []string
	for _, one := range project.Packages(s) {
		dirs = append(dirs, one.Dir)
	}
	assert.Equal(t, []string{"", "conx2", "gitclone/gitclone08", "gitclone/gitclone09", "internalx2", "mainx2", "overlays", "zz"}, dirs)
	failed := 0
	for _, o := range p.Objects {
		if o.Error {
			failed++
			assert.Equal(t, "a different object of this kind and name is at overlays/prod/x.yaml:1", o.Reason)
		}
	}
	assert.Equal(t, 1, failed)
	out := filepath.Join(t.TempDir(), "ci")
	c, err := p.Compare(out, project.State{})
	require.NoError(t, err)
	require.NoError(t, c.Apply())
	text := files(t, out)
	assert.Contains(t, text["gitclone/gitclone09/gen/main.go"], `"example.com/ci/gitclone/gitclone09"`)
	assert.Contains(t, text["gitclone/gitclone09/set.go"], "//go:generate go run ./gen -o ../../../manifests/gitclone/gitclone09\n")
	assert.Contains(t, text, "overlays/raw/task-x.yaml")
	assert.NotContains(t, text["overlays/set.go"], "raw")
}

// TestNames tests that names stay when objects are added before others, and that the user
// chooses.
func TestNames(t *testing.T) {
	task := func(name, params string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + name + "}\nspec: {params: [" + params + "], steps: [{name: s, image: a:1, command: [a]}]}\n"
	}
	one := folder(t, map[string]string{"b.yaml": task("a-b", "{name: x-y}")})
	two := folder(t, map[string]string{"a.yaml": task("a.b", ""), "b.yaml": task("a-b", "{name: x_y}, {name: x-y}")})
	_, p := made(t, options, one)
	assert.Equal(t, "AB", p.Names[""]["Task a-b"])
	o := options
	o.Names = p.Names
	_, p = made(t, o, two)
	assert.Equal(t, "AB", p.Names[""]["Task a-b"])
	assert.NotEqual(t, "AB", p.Names[""]["Task a.b"])
	assert.Equal(t, "XY", p.Names[""]["Task a-b param x-y"])
	assert.Equal(t, "XYParam", p.Names[""]["Task a-b param x_y"])
	o.Renamed = map[string]string{"Task a.b": "AB", "Task a-b param x-y": "Why"}
	_, p = made(t, o, two)
	assert.Equal(t, "AB", p.Names[""]["Task a.b"])
	assert.NotEqual(t, "AB", p.Names[""]["Task a-b"])
	assert.Equal(t, "Why", p.Names[""]["Task a-b param x-y"])
}

// TestHostile tests names that look like paths or code.
func TestHostile(t *testing.T) {
	var b strings.Builder
	for i, name := range []string{"../../x", `\"); os.Exit(1) //`, "linux", "a-test", "set", "runs", "gen", strings.Repeat("x", 300), "ä", "*/", "a\\nb", "init", "main"} {
		fmt.Fprintf(&b, "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: \"%s\"}\nspec: {steps: [{name: \"%s\", image: a:1, script: \"#!/bin/sh\\n1\\n2\\n3\\n4\\n5\\n6\"}]}\n---\n", name, name)
		fmt.Fprintf(&b, "apiVersion: example.com/v1\nkind: \"K%d/../../%s\"\nmetadata: {name: \"%s\"}\n---\n", i, name, name)
	}
	dir := folder(t, map[string]string{"x.yaml": b.String(), "sub/.hidden.yaml": "", "test_data/a b;c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"})
	_, p := made(t, options, dir)
	seen := map[string]bool{}
	for _, f := range p.Files {
		assert.True(t, filepath.IsLocal(f.Name), f.Name)
		assert.False(t, seen[strings.ToLower(f.Name)], f.Name)
		seen[strings.ToLower(f.Name)] = true
		assert.Less(t, len(filepath.Base(f.Name)), 200)
		if strings.HasSuffix(f.Name, ".go") && f.Name != "import_test.go" {
			assert.NotRegexp(t, `_(linux|test)\.go$`, f.Name)
		}
	}
	assert.True(t, seen["tasklinux.go"])
}

// TestSystems tests that all words are known that the go command understands in names of
// files.
func TestSystems(t *testing.T) {
	out, err := exec.Command("go", "tool", "dist", "list").Output()
	require.NoError(t, err)
	for line := range strings.FieldsSeq(string(out)) {
		for word := range strings.SplitSeq(line, "/") {
			assert.Equal(t, "task"+word+".go", project.GoFile("task", word))
		}
	}
}

// TestNamesTwice imports a Task that declares names twice again: its Go stays.
func TestNamesTwice(t *testing.T) {
	task := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  params: [{name: d}, {name: d}, {name: e}]\n  workspaces: [{name: w}, {name: w}]\n" +
		"  results: [{name: d}, {name: e}, {name: d}, {name: e}]\n  steps: [{name: s, image: a:1, command: [a]}]\n" +
		"---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  tasks:\n  - {name: a, taskRef: {name: a}, params: [{name: d, value: x}]}\n" +
		"  - {name: b, taskRef: {name: a}, params: [{name: d, value: $(tasks.a.results.d)}]}\n"
	dir := folder(t, map[string]string{"a.yaml": task})
	_, first := made(t, options, dir)
	o := options
	o.Names = first.Names
	_, again := made(t, o, dir)
	assert.Equal(t, first.Names, again.Names)
	assert.Equal(t, texts(first), texts(again))
}
