//go:build !unix

package cputime

import "time"

// Used returns the time since the program started: this system does not say what
// a process used.
func Used() time.Duration { return wall() }
