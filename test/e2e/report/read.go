package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// event is a line of go test -json: see go doc cmd/test2json.
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
	Key     string // of an attr
	Value   string

	ImportPath  string // of what is built
	FailedBuild string
}

// verdict is how a test has ended.
type verdict string

const (
	passed  verdict = "ok"
	failed  verdict = "FAILED"
	skipped verdict = "SKIPPED"
	lost    verdict = "NO END" // the process ended before the test
)

// test is one test of a part, with those below it.
type test struct {
	name    string
	verdict verdict
	seconds float64
	output  strings.Builder
	attrs   map[string][]string
}

// part is a package of the suite.
type part struct {
	path    string
	verdict verdict
	seconds float64
	tests   []*test // in the order in which they began
	byName  map[string]*test
	output  strings.Builder
}

type report struct {
	parts  []*part
	byPath map[string]*part
	builds map[string]*strings.Builder // what the compiler says, by what is built
	other  io.Writer                   // takes the lines that are no events
}

func newReport(other io.Writer) *report {
	return &report{byPath: map[string]*part{}, builds: map[string]*strings.Builder{}, other: other}
}

// read takes events until the end.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
				fmt.Fprint(r.other, line)
			} else {
				r.take(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot read the events: %w", err)
		}
	}
}

func (r *report) take(e event) {
	if e.ImportPath != "" {
		if r.builds[e.ImportPath] == nil {
			r.builds[e.ImportPath] = &strings.Builder{}
		}
		r.builds[e.ImportPath].WriteString(e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := r.byPath[e.Package]
	if p == nil {
		p = &part{path: e.Package, verdict: lost, byName: map[string]*test{}}
		r.byPath[e.Package], r.parts = p, append(r.parts, p)
	}
	if e.Test == "" {
		p.take(e)
		if b := r.builds[e.FailedBuild]; b != nil {
			p.output.WriteString(b.String())
		}
		return
	}
	t := p.byName[e.Test]
	if t == nil {
		t = &test{name: e.Test, verdict: lost, attrs: map[string][]string{}}
		p.byName[e.Test], p.tests = t, append(p.tests, t)
	}
	t.take(e)
}

func (p *part) take(e event) {
	switch e.Action {
	case "output":
		p.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		p.verdict, p.seconds = verdictOf(e.Action), e.Elapsed
	}
}

func (t *test) take(e event) {
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
	case "attr":
		if !slices.Contains(t.attrs[e.Key], e.Value) {
			t.attrs[e.Key] = append(t.attrs[e.Key], e.Value)
		}
	case "pass", "fail", "skip":
		t.verdict, t.seconds = verdictOf(e.Action), e.Elapsed
	}
}

func verdictOf(action string) verdict {
	switch action {
	case "pass":
		return passed
	case "skip":
		return skipped
	}
	return failed
}

// failed tells whether anything was not as it should be.
func (r *report) failed() bool {
	return slices.ContainsFunc(r.parts, func(p *part) bool {
		return p.verdict == failed || p.verdict == lost ||
			slices.ContainsFunc(p.tests, func(t *test) bool { return t.verdict == failed || t.verdict == lost })
	})
}

func (p *part) name() string { return path.Base(p.path) }

// idle tells whether the part has tests of which none ran: there was no cluster.
func (p *part) idle() bool {
	return p.verdict == passed && len(p.tests) == 0
}

// top are the tests that are below no other.
func (p *part) top() []*test {
	var out []*test
	for _, t := range p.tests {
		if !strings.Contains(t.name, "/") {
			out = append(out, t)
		}
	}
	return out
}

// told are the tests of t that say something: those that have none below them,
// and those that failed by themselves, with all below them fine.
func (p *part) told(t *test) []*test {
	var out []*test
	for _, l := range p.tests {
		if l != t && !strings.HasPrefix(l.name, t.name+"/") {
			continue
		}
		leaf, fine := true, true
		for _, o := range p.tests {
			if strings.HasPrefix(o.name, l.name+"/") {
				leaf, fine = false, fine && (o.verdict == passed || o.verdict == skipped)
			}
		}
		if leaf || fine && l.verdict != passed && l.verdict != skipped {
			out = append(out, l)
		}
	}
	return out
}

// longest is how long t took, or the longest test below it: go test does not
// count the time that a test waits for parallel ones below it.
func (p *part) longest(t *test) float64 {
	out := t.seconds
	for _, l := range p.told(t) {
		out = max(out, l.seconds)
	}
	return out
}

// attrs are the values of an attribute of t and of all below it, each once.
func (p *part) attrs(t *test, key string) []string {
	var out []string
	for _, l := range p.tests {
		if l == t || strings.HasPrefix(l.name, t.name+"/") {
			out = append(out, l.attrs[key]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
