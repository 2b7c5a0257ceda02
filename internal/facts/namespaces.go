package facts

// Namespaces counts the namespaced objects of a directory that set a namespace, and
// those that do not.
type Namespaces struct {
	With, Without int
	Only          string // the namespace, if all set the same
}

// NamespacesBeside returns the counts for the directory of an object, or for the
// objects of the Go program.
func (s *Set) NamespacesBeside(e *Entry) Namespaces {
	s.asked(Objects)
	if s.namespaces == nil {
		s.namespaces = map[string]*Namespaces{}
		for _, e := range s.entries {
			if !e.IsNamespaced() {
				continue
			}
			n := s.namespaces[e.Dir()]
			if n == nil {
				n = &Namespaces{}
				s.namespaces[e.Dir()] = n
			}
			switch namespace := e.Namespace(); {
			case namespace == "":
				n.Without++
			default:
				if n.With == 0 {
					n.Only = namespace
				} else if n.Only != namespace {
					n.Only = ""
				}
				n.With++
			}
		}
	}
	if n := s.namespaces[e.Dir()]; n != nil {
		return *n
	}
	return Namespaces{}
}
