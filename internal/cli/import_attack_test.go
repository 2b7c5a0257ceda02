package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/hostile"
)

// TestImportSecrets tests that no output of an import has a value of a Secret: neither what it
// writes, nor what it reports. A password of a Task, which is no Secret, is a part of the Go.
func TestImportSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range hostile.Secrets {
		require.NoError(t, os.WriteFile("a.yaml", []byte(text), 0o600))
		for _, args := range [][]string{
			{"--dry-run", "--report", "text"}, {"--dry-run", "--report", "json"}, {"--dry-run", "--report", "sarif"},
			{"--report", "text"}, {"--check"},
		} {
			r := run("", append([]string{"import", "a.yaml"}, args...))
			assert.Empty(t, hostile.Shown(r.out+r.err), "%v of %s:\n%s", args, name, r.out+r.err)
			require.NotContains(t, r.out+r.err, "panic", name)
		}
		for file, got := range written(t, "ci") {
			if !ofOthers.MatchString(text) || strings.Contains(text, "\nkind: Secret") {
				assert.Empty(t, hostile.Shown(got), "%s of %s:\n%s", file, name, got)
			}
		}
		require.NoError(t, os.RemoveAll("ci"))
	}
}

// ofOthers matches manifests of objects that are no Secrets, whatever they contain.
var ofOthers = regexp.MustCompile(`^apiVersion: \S+\nkind: (Task|TaskRun|ConfigMap|Config|EventListener)\n`)

// written returns the files in a folder.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // nothing was written
		}
		text, err := os.ReadFile(path)
		all[filepath.ToSlash(path)] = string(text)
		return err
	})
	require.NoError(t, err)
	return all
}

// TestImportLinks tests that an import writes nothing to where a link leads out of the repository.
func TestImportLinks(t *testing.T) {
	for _, git := range []string{".git/HEAD", "no-repository"} {
		dir := t.TempDir()
		outside := filepath.Join(dir, "outside")
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "repo", "sub"), 0o755))
		require.NoError(t, os.Mkdir(outside, 0o755))
		t.Chdir(filepath.Join(dir, "repo"))
		require.NoError(t, os.MkdirAll(filepath.Dir(git), 0o755))
		require.NoError(t, os.WriteFile(git, nil, 0o600))
		require.NoError(t, os.WriteFile("a.yaml", []byte(estate["tekton/task.yaml"]), 0o600))
		require.NoError(t, os.Symlink(outside, "ci"))
		require.NoError(t, os.Symlink("..", "up"))
		require.NoError(t, os.Symlink(filepath.Join(outside, "none"), "gone"))
		for _, line := range []string{"import a.yaml", "import a.yaml --dry-run", "import a.yaml --check", "import a.yaml -o ci/new", "import a.yaml -o up/outside", "import a.yaml -o gone"} {
			r := words(line)
			assert.Equal(t, 2, r.exit, line)
			if !strings.HasSuffix(line, "gone") {
				assert.Contains(t, r.err, "a symbolic link leads from it out of the repository\n  help: remove the link, or pass -o with the folder that is meant\n", line)
			}
			assert.Empty(t, written(t, dir+"/outside"), line)
		}

		// What the user names, and links within the repository, are as good as any folder.
		require.NoError(t, os.Symlink("sub", "inside"))
		for _, o := range []string{outside, "../outside2", "inside", "sub/deep/er"} {
			r := words("import a.yaml -o " + o)
			assert.NotEqual(t, 2, r.exit, "%s: %s", o, r.err)
		}
		assert.NotEmpty(t, written(t, outside))
	}
}
