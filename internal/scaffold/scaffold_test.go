package scaffold

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"github.com/tekwright/tekwright/examples"
)

// library is the folder of the library, and its go.mod.
func library(t *testing.T) (string, *modfile.File) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	mod, err := modfile.Parse("go.mod", text, nil)
	require.NoError(t, err)
	return root, mod
}

// TestTemplates tests that each template, in a repository of a user, passes its test and the vet of go test,
// and that the test can fail.
func TestTemplates(t *testing.T) {
	root, mod := library(t)
	user := t.TempDir()
	require.NoError(t, mod.AddModuleStmt("example.com/user"))
	require.NoError(t, mod.AddRequire(Library, "v0.0.0"))
	require.NoError(t, mod.AddReplace(Library, "", root, ""))
	text, err := mod.Format()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(user, "go.mod"), text, 0o600))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(user, "go.sum"), sum, 0o600))
	for _, template := range Templates() {
		files, err := Files(Options{Template: template.Name, Folder: "tools/ci", CI: "github"})
		require.NoError(t, err)
		require.NoError(t, Write(filepath.Join(user, template.Name), files))
	}
	run := func(args ...string) (string, error) {
		cmd := exec.Command("go", args...)
		cmd.Dir = user
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "TEKWRIGHT_UPDATE=")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run("test", "./...")
	require.NoError(t, err, out)
	assert.Equal(t, len(Templates()), strings.Count(out, "\nok ")+strings.Count(out[:3], "ok "), out)

	main := filepath.Join(user, "start", "tools", "ci", "main.go")
	source, err := os.ReadFile(main)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(main, []byte(strings.Replace(string(source), `"clone"`, `"fetch"`, 1)), 0o600))
	out, err = run("test", "./start/...")
	require.Error(t, err)
	assert.Contains(t, out, "run go generate")
	out, err = run("generate", "./start/...")
	require.NoError(t, err, out)
	out, err = run("test", "./start/...")
	require.NoError(t, err, out)
}

// TestAllExamples tests that each example is a template.
func TestAllExamples(t *testing.T) {
	mains, err := fs.Glob(examples.Files(), "*/main.go")
	require.NoError(t, err)
	var want, got []string
	for _, name := range mains {
		want = append(want, filepath.Dir(name))
	}
	for _, template := range Templates() {
		got = append(got, template.Name)
	}
	assert.ElementsMatch(t, want, got)
}

func TestModule(t *testing.T) {
	_, mod := library(t)
	assert.Equal(t, goVersion, mod.Go.Version)
	file := func(o Options) string {
		o.Template, o.Folder, o.CI = "start", ".", "gitlab"
		files, err := Files(o)
		require.NoError(t, err)
		all := map[string]string{}
		for _, f := range files {
			all[f.Name] = f.Text
		}
		assert.Contains(t, all[".gitlab-ci.yml"], "cd .\n")
		assert.Contains(t, all["main_test.go"], `generatetest.Check(t, system, "-o", "manifests")`)
		assert.NotContains(t, all["main.go"], "tekwright init")
		return all["go.mod"]
	}
	assert.Equal(t, "module example.com/a\n\ngo "+goVersion+"\n", file(Options{Module: "example.com/a"}))
	assert.Equal(t, "module example.com/a\n\ngo "+goVersion+"\n\nrequire github.com/tekwright/tekwright v1.2.3\n", file(Options{Module: "example.com/a", Version: "v1.2.3"}))
	assert.Empty(t, file(Options{}))
}

// TestRefused tests options that cannot be met.
func TestRefused(t *testing.T) {
	for want, o := range map[string]Options{
		"no template":                    {Template: "../start", Folder: "."},
		"not in the repository":          {Template: "start", Folder: "../x", CI: "none"},
		"the folder name":                {Template: "start", Folder: "a b; rm", CI: "gitlab"},
		"no file for the CI":             {Template: "start", Folder: ".", CI: "travis"},
		`module path "a b" is not valid`: {Template: "start", Folder: ".", CI: "none", Module: "a b"},
		`module path "x\ny`:              {Template: "start", Folder: ".", CI: "none", Module: "x\ny"},
	} {
		_, err := Files(o)
		assert.ErrorContains(t, err, want)
	}
	files, err := Files(Options{Template: "start", Folder: "it's", CI: "none"})
	require.NoError(t, err)
	assert.NotEmpty(t, files)
}

// TestWrite tests that nothing is replaced, and that a failure leaves nothing behind.
func TestWrite(t *testing.T) {
	root := t.TempDir()
	files := []File{{"a/b/c", "1"}, {"a/d", "2"}}
	require.NoError(t, Write(root, files))
	err := Write(root, append(files, File{"e", "3"}))
	require.ErrorIs(t, err, fs.ErrExist)
	assert.ErrorContains(t, err, "a/b/c, a/d")
	assert.NoFileExists(t, filepath.Join(root, "e"))

	root = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "x"), []byte("mine"), 0o600))
	require.Error(t, Write(root, []File{{"a/b", "1"}, {"x/y", "2"}})) // x is not a directory
	assert.NoDirExists(t, filepath.Join(root, "a"))
	text, err := os.ReadFile(filepath.Join(root, "x"))
	require.NoError(t, err)
	assert.Equal(t, "mine", string(text))

	// A link that leads nowhere is not written through.
	root = t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(root, "outside"), filepath.Join(root, "a")))
	require.Error(t, Write(root, []File{{"a", "1"}}))
	assert.NoFileExists(t, filepath.Join(root, "outside"))

	// Nor is one that leads out of the folder: whose repository it is may have put it there.
	for _, link := range []string{".github", ".github/workflows"} {
		root, outside := t.TempDir(), t.TempDir()
		at := filepath.Join(root, filepath.FromSlash(link))
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o750))
		require.NoError(t, os.Symlink(outside, at))
		require.Error(t, Write(root, []File{{"main.go", "1"}, {".github/workflows/ci.yml", "2"}}))
		assert.NoFileExists(t, filepath.Join(root, "main.go"))
		left, err := os.ReadDir(outside)
		require.NoError(t, err)
		assert.Empty(t, left)
	}
	root = t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "real"), 0o750))
	require.NoError(t, os.Symlink("real", filepath.Join(root, "link")))
	require.NoError(t, Write(root, []File{{"link/a", "1"}}))
	assert.FileExists(t, filepath.Join(root, "real", "a"))
}
