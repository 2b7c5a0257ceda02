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

// TestGitCloneLostFound: the directory lost+found that a file system made for root stays.
// What the steps' user can read or write is deleted, or stops the clone.
func TestGitCloneLostFound(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	ours, root := 65534, 0
	for name, c := range map[string]struct {
		dir   string // of lost+found
		mode  os.FileMode
		owner int
		into  string
		want  string // of the refusal
		stays bool
	}{
		"of the file system":             {dir: ".", mode: 0o700, owner: root, stays: true},
		"into the volume, with a dot":    {dir: ".", mode: 0o700, owner: root, into: "./", stays: true},
		"ours":                           {dir: ".", mode: 0o755, owner: ours},
		"ours, closed":                   {dir: ".", mode: 0, owner: ours},
		"another user's":                 {dir: ".", mode: 0o700, owner: 1000, want: "cannot delete './lost+found' from an earlier run"},
		"root's, readable":               {dir: ".", mode: 0o755, owner: root, want: "cannot delete './lost+found' from an earlier run"},
		"root's, writable":               {dir: ".", mode: 0o703, owner: root, want: "cannot delete './lost+found' from an earlier run"},
		"root's, searchable":             {dir: ".", mode: 0o701, owner: root, want: "cannot delete './lost+found' from an earlier run"},
		"ours in a subdirectory":         {dir: "sub", mode: 0o755, owner: ours, into: "sub"},
		"root's in a subdirectory":       {dir: "sub", mode: 0o700, owner: root, into: "sub", want: "cannot delete './lost+found' from an earlier run"},
		"beside the subdirectory":        {dir: ".", mode: 0o755, owner: ours, into: "sub", stays: true},
		"ours, with delete-existing off": {dir: ".", mode: 0o755, owner: ours, want: "kept", stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := t.TempDir()
			lost := filepath.Join(output, c.dir, "lost+found")
			write(t, lost, map[string]string{"x_test.go": "", "sub/y": ""})
			for _, dir := range []string{output, r.bare} {
				require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
					require.NoError(t, err)
					owner := ours
					if path == lost {
						owner = c.owner
					}
					return os.Lchown(path, owner, owner)
				}))
			}
			require.NoError(t, os.Chmod(lost, c.mode))
			run := cloning(t, output, map[string]string{"url": "file://" + r.bare, "subdirectory": c.into})
			if c.want == "kept" {
				run.params["delete-existing"] = "false"
				c.want = ""
			}
			run.cred = asNobody(t, output, r.bare)
			got := run.do(t)
			require.NoError(t, os.Chmod(output, 0o755))
			if c.want != "" {
				got.refused(t, "git-clone", c.want)
				return
			}
			got.ok(t)
			assert.NotContains(t, got.stderr, "lost+found")
			if c.stays {
				assert.FileExists(t, filepath.Join(lost, "x_test.go"))
			} else {
				assert.NoDirExists(t, lost)
			}
		})
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
