//go:build !unix

package cputime

import "time"

// Used returns the wall-clock time since the program started, because package syscall
// has no CPU time for this system.
func Used() time.Duration { return elapsed() }
