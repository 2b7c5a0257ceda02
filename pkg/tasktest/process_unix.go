//go:build unix

package tasktest

import (
	"os/exec"
	"syscall"
)

// group makes a process the first one of a group, and ends the group with the context.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// endGroup ends the processes that a process has left behind.
func endGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// signaled returns the exit code of a process that a signal has ended, as a shell does.
func signaled(err *exec.ExitError) int {
	if status, ok := err.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return -1
}

// nonblock opens a pipe without waiting for its other end.
const nonblock = syscall.O_NONBLOCK
