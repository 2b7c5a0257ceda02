package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// asNobody makes a run's process that of the user in the steps' security
// context, and lets that user go to these directories of the test.
func asNobody(t testing.TB, dirs ...string) func(*exec.Cmd) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can try what another user may do; the steps' user was NOT tried")
	}
	security := define(t, tasks.GitClone{}).Spec.Steps[0].SecurityContext
	id := uint32(*security.RunAsUser)
	return func(cmd *exec.Cmd) {
		for _, dir := range dirs {
			reach(t, dir)
		}
		reach(t, cmd.Dir)
		for _, e := range cmd.Env {
			name, value, _ := strings.Cut(e, "=")
			if name == "HOME" || name == "TMPDIR" || strings.HasPrefix(name, "RESULT_") {
				reach(t, value)
			}
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
	}
}

// reach lets anybody go to a directory through the ones above it.
func reach(t testing.TB, path string) {
	t.Helper()
	for dir := filepath.Dir(path); strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		require.NoError(t, err)
		require.NoError(t, os.Chmod(dir, info.Mode().Perm()|0o011))
	}
}

// TestGitCloneDeletesReadOnly: nothing that the same user left in the workspace stops
// the next clone.
func TestGitCloneDeletesReadOnly(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	output, outside := t.TempDir(), write(t, t.TempDir(), map[string]string{"keep": "k"})
	require.NoError(t, os.Chmod(outside, 0o555))
	c := cloning(t, output, map[string]string{"url": "file://" + r.bare})
	c.cred = asNobody(t, output, r.bare)
	for _, mode := range []os.FileMode{0o555, 0o333, 0} {
		for _, dir := range []string{"mod/a@v1/b", ".cache", ".git/objects/ab"} {
			write(t, output, map[string]string{dir + "/x/y": ""})
			require.NoError(t, os.Symlink(outside, filepath.Join(output, dir, "link")))
		}
		for _, dir := range []string{output, r.bare} { // git fetches only from its user's
			require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
				require.NoError(t, err)
				return os.Lchown(path, 65534, 65534)
			}))
		}
		for _, dir := range []string{"mod/a@v1/b/x", "mod/a@v1/b", "mod", ".cache/x", ".cache", ".git/objects/ab"} {
			require.NoError(t, os.Chmod(filepath.Join(output, dir), mode))
		}
		c.do(t).ok(t)
		assert.Equal(t, map[string]string{"README": "one\n"}, filesIn(t, output))
		info, err := os.Stat(outside)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o555), info.Mode().Perm())
	}
}
