package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is a bare repository, and the work tree that its commits are
// made in.
type repository struct {
	t    testing.TB
	bare string
	work string
}

// newRepository makes a repository with one commit on main.
func newRepository(t testing.TB, files map[string]string) repository {
	t.Helper()
	need(t, "git")
	r := repository{t, filepath.Join(t.TempDir(), "app.git"), t.TempDir()}
	git(t, "", "init", "-q", "--bare", "-b", "main", r.bare)
	git(t, r.work, "init", "-q", "-b", "main")
	git(t, r.work, "remote", "add", "origin", r.bare)
	r.commit("first", files)
	git(t, r.work, "push", "-q", "origin", "main")
	return r
}

// commit commits the files on the work tree's branch and returns the name of
// the commit.
func (r repository) commit(message string, files map[string]string) string {
	r.t.Helper()
	write(r.t, r.work, files)
	git(r.t, r.work, "add", "-A")
	git(r.t, r.work, "commit", "-q", "--allow-empty", "-m", message)
	return git(r.t, r.work, "rev-parse", "HEAD")
}

// push pushes HEAD to a ref.
func (r repository) push(ref string) {
	r.t.Helper()
	git(r.t, r.work, "push", "-q", "origin", "+HEAD:"+ref)
}

// git runs git without this machine's configuration.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR=",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=protocol.file.allow", "GIT_CONFIG_VALUE_0=always",
		"GIT_CONFIG_KEY_1=safe.directory", "GIT_CONFIG_VALUE_1=*",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_AUTHOR_DATE=2024-05-06T07:08:09Z",
		"GIT_COMMITTER_NAME=c", "GIT_COMMITTER_EMAIL=c@example.com", "GIT_COMMITTER_DATE=2024-05-06T07:08:10Z",
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// filesIn lists the files below a directory but for .git, with their text.
func filesIn(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir() || d.Name() == ".git":
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.Type()&os.ModeSymlink != 0 {
			to, err := os.Readlink(path)
			files[name] = "-> " + to
			return err
		}
		b, err := os.ReadFile(path)
		files[name] = string(b)
		return err
	}))
	return files
}
