package manifest

import "github.com/tekwright/tekwright/internal/callsite"

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
	s.progress, s.progressAt = f, callsite.Here()
	return s
}

// step reports the progress. It returns an error if the function panics.
func (s *Set) step(stage string, done, total int) error {
	if s == nil || s.progress == nil {
		return nil
	}
	if p := callsite.Catch(func() { s.progress(Progress{stage, done, total}) }); p != nil {
		return p.Finding(s.progressAt, "the function passed to Progress")
	}
	return nil
}
