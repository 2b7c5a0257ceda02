//go:build !unix

package tasktest

import "os/exec"

func group(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}

func signaled(*exec.ExitError) int { return -1 }

// nonblock has no meaning here.
const nonblock = 0
