// Package cputime measures CPU time, for performance tests whose results must not
// depend on the load of the machine.
package cputime

import "time"

var started = time.Now()

// elapsed returns the wall-clock time since the program started.
func elapsed() time.Duration { return time.Since(started) }
