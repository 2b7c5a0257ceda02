//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Used returns the CPU time that this process has used so far.
func Used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return elapsed()
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
