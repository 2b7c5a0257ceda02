package revision

import "time"

// SetPatience sets how long git may take for one answer, and returns a function that sets it
// back.
func SetPatience(d time.Duration) (reset func()) {
	before := patience
	patience = d
	return func() { patience = before }
}
