package manifest

// Progress is the progress of building or writing a set.
type Progress struct {
	Stage       string // the current stage: "check", "render" or "write"
	Done, Total int    // objects or files; Total is 0 if it is unknown
}

// Progress sets a function that is called frequently while the set is built and
// written, by one goroutine at a time, so that a program can show the progress. If f
// is nil, nothing is called.
func (s *Set) Progress(f func(Progress)) *Set {
	if s == nil {
		return nil
	}
	s.progress = f
	return s
}

func (s *Set) step(stage string, done, total int) {
	if s.progress != nil {
		s.progress(Progress{stage, done, total})
	}
}
