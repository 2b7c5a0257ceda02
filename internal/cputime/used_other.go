//go:build !unix

package cputime

import "time"

// Used returns the wall-clock time since the program started. CPU time is measured only
// on Unix.
func Used() time.Duration { return elapsed() }
