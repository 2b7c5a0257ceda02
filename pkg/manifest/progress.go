package manifest

// Progress says how far the work on a set is.
type Progress struct {
	Stage       string // "check", "render", "write": what is being done
	Done, Total int    // objects or files; Total is 0 where it is not counted
}

// Progress has f called while the set is built and written, often and from one
// goroutine at a time; nil asks for nothing. It is for a line on a terminal.
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
