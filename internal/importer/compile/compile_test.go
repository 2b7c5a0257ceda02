package compile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/compile"
)

const module = "github.com/tekwright/tekwright/pkg/"

// TestPackage reports the first mistake of each file, also if the module lacks a package that
// was expected.
func TestPackage(t *testing.T) {
	c := compile.New(filepath.Join(t.TempDir())) // no module
	_, err := c.Package(t.Context(), "x", map[string][]byte{"a.go": []byte("package x\n\nimport _ \"" + module + "diag\"\n")})
	require.ErrorIs(t, err, compile.ErrUnavailable)

	c = compile.New(".").Expect("example.com/none", "time")
	mistakes, err := c.Package(t.Context(), "x", map[string][]byte{
		"a.go": []byte("package x\n\nimport \"" + module + "diag\"\n\nvar A diag.Severity = B\n\nvar C int = \"\"\n"),
		"b.go": []byte("package x\n\nconst B = 1\n\nfunc f() { return 1 }\n"), "c.go": []byte("package x\n\nimport \"time\"\n\nvar T time.Duration\n"),
	})
	require.NoError(t, err)
	assert.Len(t, mistakes, 2)
	assert.ErrorContains(t, mistakes["a.go"], "7:13: cannot use")
	assert.ErrorContains(t, mistakes["b.go"], "5:19: too many return values")

	mistakes, err = c.Package(t.Context(), "x", map[string][]byte{"a.go": []byte("package x\n\nfunc {\n")})
	require.NoError(t, err)
	assert.ErrorContains(t, mistakes["a.go"], "expected")
	_, err = c.Package(t.Context(), "x", map[string][]byte{"a.go": []byte("package x\n\nimport _ \"example.com/none\"\n")})
	require.ErrorIs(t, err, compile.ErrUnavailable)
}

// TestOnly refuses imports that are not in the list, also those that others need.
func TestOnly(t *testing.T) {
	c, err := compile.Only(t.Context(), ".", module+"diag")
	require.NoError(t, err)
	require.NoError(t, c.Check(t.Context(), map[string][]byte{"a.go": []byte("package x\n\nimport _ \"" + module + "diag\"\n")}))
	for _, path := range []string{"os", "example.com/x", "unsafe"} {
		err := c.Check(t.Context(), map[string][]byte{"a.go": []byte("package x\n\nimport _ \"" + path + "\"\n")})
		require.ErrorContains(t, err, "the Go imports "+path)
		assert.NotErrorIs(t, err, compile.ErrUnavailable)
	}
}

// TestVendor uses the vendor folder of a module, and leaves go.mod as it is.
func TestVendor(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n\nrequire example.com/dep v1.0.0\n", "m.go": "package m\n\nimport _ \"example.com/dep\"\n",
		"vendor/modules.txt":            "# example.com/dep v1.0.0\n## explicit; go 1.26\nexample.com/dep\n",
		"vendor/example.com/dep/dep.go": "package dep\n\nconst X = 1\n",
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	c := compile.New(filepath.Join(dir, "ci", "new"))
	require.NoError(t, c.Check(t.Context(), map[string][]byte{"a.go": []byte("package ci\n\nimport \"example.com/dep\"\n\nvar A int = dep.X\n")}))
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	assert.Equal(t, files["go.mod"], string(text))
}
