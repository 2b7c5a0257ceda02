package cluster

// Problems are the single problems that an error holds, in order: an error of
// Apply, of Start, or of manifest.Set.Build joins as many as there are, of which
// errors.As finds only the first. An error that joins none is its own problem;
// nil has none.
func Problems(err error) []error {
	switch e := err.(type) { //nolint:errorlint // takes the wrapping apart itself
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []error
		for _, one := range e.Unwrap() {
			all = append(all, Problems(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		// What wraps several says something about them all: it must not be lost
		// where there is but one.
		if inner := Problems(e.Unwrap()); len(inner) > 1 {
			return inner
		}
	}
	return []error{err}
}
