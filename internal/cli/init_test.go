package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInit tests where the files of a new program are written, and what is said. The package
// scaffold tests the programs.
func TestInit(t *testing.T) {
	repository(t, map[string]string{})
	got := run("", []string{"init", "--template", "monorepo", "tools/ci"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.Equal(t, `wrote .github/workflows/tekton.yml
wrote .tekton
wrote tools/ci/go.mod
wrote tools/ci/main.go
wrote tools/ci/main_test.go
wrote tools/ci/manifests

next:
  cd tools/ci
  go get github.com/tekwright/tekwright@main
  go mod tidy
  go test ./...      # passes: the manifests are up to date
  go generate ./...  # after each change of main.go
`, got.out)
	text, err := os.ReadFile("tools/ci/main.go")
	require.NoError(t, err)
	assert.Contains(t, string(text), "//go:generate go run . -o manifests -pac ../../.tekton\n")
	got = run("", []string{"check", "--complete", "."})
	assert.Equal(t, 0, got.exit, got.out+got.err)

	// Nothing is replaced.
	got = run("", []string{"init", "tools/ci"})
	assert.Equal(t, 2, got.exit)
	assert.Contains(t, got.err, "nothing was written: .github/workflows/tekton.yml, tools/ci/main.go")
	got = run("", []string{"init", "--ci", "none", "other"})
	assert.Equal(t, 0, got.exit, got.err)

	// A package of a module that exists.
	require.NoError(t, os.WriteFile("go.mod", []byte("module example.com/a\n"), 0o600))
	t.Chdir("tools")
	got = run("", []string{"init", "--ci", "gitlab", "--template", "first-steps", "more"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.NoFileExists(t, filepath.Join("more", "go.mod"))
	assert.FileExists(t, filepath.Join("..", ".gitlab-ci.yml"))
	got = run("", []string{"init", "--module", "example.com/b", "again"})
	assert.Equal(t, 2, got.exit)
	assert.Equal(t, "tekwright: ../go.mod exists already\n  help: leave out --module; the program becomes a package of that module\n", got.err)

	for want, args := range map[string][]string{
		"must be start, release":           {"--template", "x"},
		"must be github, gitlab or none":   {"--ci", "travis"},
		`the module path "a b" is not val`: {"--module", "a b", "--ci", "none", filepath.Join(t.TempDir(), "x")},
		"cannot contain the folder name":   {"a; b"},
	} {
		got := run("", append([]string{"init"}, args...))
		assert.Equal(t, 2, got.exit, args)
		assert.Contains(t, got.err, want)
	}
}
