package check

import "github.com/tekwright/tekwright/pkg/diag"

// strays are names that are used and not declared, and the findings that say
// so.
type strays struct {
	name     string // the only one; "" if there are several
	findings []int
}

// add notes a finding, which is about to be made, unless the name is nearly a
// declared one.
func (s *strays) add(name string, declared []string, finding int) {
	if nearest(name, declared) != "" {
		return
	}
	if len(s.findings) == 0 {
		s.name = name
	} else if s.name != name {
		s.name = ""
	}
	s.findings = append(s.findings, finding)
}

// meant reports whether the only stray name stands for the only declared one
// that nothing uses, as far as anybody can guess, and says so in its findings:
// one mistake makes one finding.
func (s *strays) meant(findings diag.Findings, declared string) bool {
	if s.name == "" {
		return false
	}
	for _, i := range s.findings {
		findings[i].Help = "did you mean " + q(declared) + ", which nothing uses?"
	}
	return true
}
