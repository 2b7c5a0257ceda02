package cluster

// Problems returns the individual problems that an error consists of, in order.
// Errors of Apply, Start and manifest.Set.Build join any number of problems, of
// which errors.As finds only the first. An error that joins no others is
// returned as the only problem. Problems returns nil if err is nil.
func Problems(err error) []error {
	switch e := err.(type) { //nolint:errorlint // unwraps the error itself
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []error
		for _, one := range e.Unwrap() {
			all = append(all, Problems(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		// An error that wraps several says something about all of them. Keep it
		// where it wraps only one.
		if inner := Problems(e.Unwrap()); len(inner) > 1 {
			return inner
		}
	}
	return []error{err}
}
