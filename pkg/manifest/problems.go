package manifest

import (
	"errors"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// problems collects errors, each once.
type problems struct {
	findings diag.Findings
	others   []error
	seen     map[string]bool
}

// add adds the findings in an error.
func (p *problems) add(err error) {
	switch e := err.(type) { //nolint:errorlint // a wrapped error keeps its wrapping
	case nil:
	case diag.Finding:
		p.finding(e)
	case diag.Findings:
		for _, f := range e {
			p.finding(f)
		}
	case interface{ Unwrap() []error }:
		if !joined(err, e.Unwrap()) {
			p.other(err)
			return
		}
		for _, inner := range e.Unwrap() {
			p.add(inner)
		}
	default:
		p.other(err)
	}
}

func (p *problems) finding(f diag.Finding) {
	if p.first(strings.Join([]string{f.Position.String(), f.Object.APIVersion, f.Object.Namespace, f.Path.String(), f.Error()}, "\x00")) {
		p.findings = append(p.findings, f)
	}
}

func (p *problems) other(err error) {
	if p.first(err.Error()) {
		p.others = append(p.others, err)
	}
}

// first reports whether the problem is new. Two sources with a common part both
// report its problems.
func (p *problems) first(key string) bool {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	known := p.seen[key]
	p.seen[key] = true
	return !known
}

// joined reports whether the text of err consists only of its parts, one per line.
func joined(err error, parts []error) bool {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = part.Error()
	}
	return err.Error() == strings.Join(texts, "\n")
}

// err returns the problems as one error: first the findings of severity error, sorted
// by position, then other errors.
func (p *problems) err() error {
	p.findings.Sort()
	found := p.findings.Err()
	switch {
	case len(p.others) == 0:
		return found
	case found == nil && len(p.others) == 1:
		return p.others[0]
	}
	return errors.Join(append([]error{found}, p.others...)...)
}
