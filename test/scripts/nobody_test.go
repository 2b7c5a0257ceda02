package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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
