package negative

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// suite is the tests of some packages of a module of Tekton's.
type suite struct {
	module   string
	packages []string
	config   string // the package with the FromContextOrDefaults of their contexts
}

// copied returns a copy of the module in which the packages record what is
// validated. It is kept in the folder for temporary files, so that what is
// built from it need not be built again.
func copied(t *testing.T, s suite) string {
	t.Helper()
	root := output(t, "go", "list", "-m", "-f", "{{.Dir}}", s.module)
	template, err := os.ReadFile("testdata/record.go.txt")
	require.NoError(t, err)
	self, err := os.ReadFile("instrument_test.go")
	require.NoError(t, err)
	sum := sha256.Sum256(slices.Concat([]byte(root), template, self))
	dir := filepath.Join(os.TempDir(), "tekwright-negative-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	fresh, err := os.MkdirTemp(os.TempDir(), "tekwright-negative-*") //nolint:usetesting // becomes dir
	require.NoError(t, err)
	defer os.RemoveAll(fresh)
	put := func(from string, text []byte) {
		rel, err := filepath.Rel(root, from)
		require.NoError(t, err)
		to := filepath.Join(fresh, rel)
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
		require.NoError(t, os.WriteFile(to, text, 0o600))
	}
	read := func(file string) []byte {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		return text
	}
	put(filepath.Join(root, "go.mod"), read(filepath.Join(root, "go.mod")))
	done := map[string]bool{} // a package is listed once more for each test of it
	args := append([]string{"list", "-deps", "-test", "-f", "{{if .Module}}{{.Module.Path}} {{.ImportPath}} {{.Dir}}{{end}}"}, s.packages...)
	for line := range strings.Lines(output(t, "go", args...)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != s.module || done[words[len(words)-1]] {
			continue
		}
		path, from := words[1], words[len(words)-1]
		done[from] = true
		records := slices.Contains(s.packages, path)
		name := ""
		eachFile(t, from, func(file string) {
			if text := read(file); !records || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") || filepath.Dir(file) != from {
				put(file, text)
				return
			}
			var text []byte
			text, name = instrument(t, file)
			put(file, text)
		})
		if records {
			text := strings.NewReplacer("PACKAGE", name, "PATH", path, "CONFIG", s.config).Replace(string(template))
			put(filepath.Join(from, "zz_record.go"), []byte(text))
		}
	}
	if err := os.Rename(fresh, dir); err != nil {
		_, err = os.Stat(dir) // somebody else was faster
		require.NoError(t, err)
	}
	return dir
}

// eachFile calls visit for the files of a package's folder, and of its
// testdata.
func eachFile(t *testing.T, dir string, visit func(file string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			visit(path)
		case path != dir && !strings.Contains(path[len(dir):], "testdata"):
			return fs.SkipDir
		}
		return nil
	}))
}

// replaced writes a go.mod in which the copy stands for the module.
func replaced(t *testing.T, module, dir string) string {
	t.Helper()
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	sum, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "go.mod")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(mod, "\nreplace %s => %s\n", module, dir), 0o600))
	require.NoError(t, os.WriteFile(strings.TrimSuffix(file, ".mod")+".sum", sum, 0o600))
	return file
}

// output is what a command prints.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %s: %s", name, strings.Join(args, " "), stderr.String())
	return strings.TrimSpace(string(out))
}
