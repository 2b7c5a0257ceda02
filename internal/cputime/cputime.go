// Package cputime measures CPU time, for tests of performance that must not
// depend on how busy the machine is.
package cputime

import "time"

var started = time.Now()

// wall returns the time since the program started, for systems that do not say
// what a process used.
func wall() time.Duration { return time.Since(started) }
