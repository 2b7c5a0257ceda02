package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

const nothing = "SKIPPED: nothing was proved"

// table says of each test how it ended, how long it took, and what stood in for
// what; then, loudly, what failed and what was skipped.
func (r *report) table(out io.Writer) {
	for _, key := range slices.Sorted(maps.Keys(r.facts())) {
		fmt.Fprintf(out, "%s: %s\n", key, strings.Join(r.facts()[key], ", "))
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tTEST\tVERDICT\tSECONDS\tSTAND-INS")
	var total struct {
		tests, failed, skipped, idle int
		seconds                      float64
	}
	for _, p := range r.tested() {
		total.seconds += p.seconds
		if len(p.tests) == 0 {
			word := string(p.verdict)
			if p.idle() {
				word = nothing
				total.idle++
			} else {
				total.failed++
			}
			fmt.Fprintf(w, "%s\t-\t%s\t%.1f\t\n", p.name(), word, p.seconds)
		}
		for _, t := range p.top() {
			told, counts := p.told(t), map[verdict]int{}
			for _, l := range told {
				counts[l.verdict]++
			}
			total.tests += len(told)
			total.failed += counts[failed] + counts[lost]
			total.skipped += counts[skipped]
			word := string(t.verdict)
			if len(told) > 1 {
				word += fmt.Sprintf(" (%d of %d)", counts[passed], len(told))
			}
			if n := counts[skipped]; n > 0 && t.verdict != skipped {
				word += fmt.Sprintf(", %d SKIPPED", n)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%.1f\t%s\n", p.name(), t.name, word, p.longest(t), strings.Join(p.attrs(t, "stand-in"), "; "))
		}
	}
	_ = w.Flush()
	r.loud(out)
	fmt.Fprintf(out, "\n%d tests, %d failed, %d skipped, %d parts that proved nothing; %.0f s of tests\n",
		total.tests, total.failed, total.skipped, total.idle, total.seconds)
}

// tested are the parts but for folders without tests.
func (r *report) tested() []*part {
	var out []*part
	for _, p := range r.parts {
		if len(p.tests) > 0 || p.verdict != skipped {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *part) int { return strings.Compare(a.path, b.path) })
	return out
}

// facts are what the tests say of the cluster.
func (r *report) facts() map[string][]string {
	out := map[string][]string{}
	for _, p := range r.parts {
		for _, t := range p.tests {
			for key, values := range t.attrs {
				if key != "stand-in" {
					out[key] = append(out[key], values...)
					slices.Sort(out[key])
					out[key] = slices.Compact(out[key])
				}
			}
		}
	}
	return out
}

// loud prints what nobody shall overlook: the output of what failed, and the
// reason of what was skipped.
func (r *report) loud(out io.Writer) {
	for _, p := range r.tested() {
		word := string(p.verdict)
		if p.idle() {
			word = nothing
		}
		if text := indented(p.output.String()); word != string(passed) && (text != "" || len(p.tests) == 0) {
			fmt.Fprintf(out, "\n!! %s: %s\n%s", p.name(), word, text)
		}
		for _, t := range p.top() {
			for _, l := range p.told(t) {
				if l.verdict != passed {
					fmt.Fprintf(out, "\n!! %s %s: %s\n%s", p.name(), l.name, l.verdict, indented(l.output.String()))
				}
			}
		}
	}
}

// indented is the text without the lines that only say that a test begins or
// ends.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if s := strings.TrimSpace(line); s != "" && !frame.MatchString(s) {
			b.WriteString("     " + line + "\n")
		}
	}
	return b.String()
}

var frame = regexp.MustCompile(`^(=== |--- |PASS$|FAIL$|ok  \t|FAIL\t)`)

func (r *report) writeJUnit(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	suites := r.junit()
	if err := suites.WriteXML(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// junit has a suite for each part, and a case for each test that says something.
func (r *report) junit() junit.Testsuites {
	suites := junit.Testsuites{Name: "e2e"}
	for _, p := range r.tested() {
		suite := junit.Testsuite{Name: p.path, Time: seconds(p.seconds)}
		facts := r.facts()
		for _, key := range slices.Sorted(maps.Keys(facts)) {
			suite.AddProperty(key, strings.Join(facts[key], ", "))
		}
		for _, t := range p.top() {
			for _, what := range p.attrs(t, "stand-in") {
				suite.AddProperty("stand-in of "+t.name, what)
			}
			for _, l := range p.told(t) {
				suite.AddTestcase(l.junit(p.path))
			}
		}
		if p.idle() {
			suite.AddTestcase(junit.Testcase{Name: "part", Classname: p.path, Skipped: &junit.Result{Message: nothing, Data: p.output.String()}})
		} else if p.verdict == failed && suite.Failures == 0 || p.verdict == lost {
			suite.AddTestcase(junit.Testcase{Name: "part", Classname: p.path, Error: &junit.Result{Message: string(p.verdict), Data: p.output.String()}})
		}
		suites.AddSuite(suite)
	}
	return suites
}

func (t *test) junit(class string) junit.Testcase {
	c := junit.Testcase{Name: t.name, Classname: class, Time: seconds(t.seconds)}
	switch t.verdict {
	case skipped:
		c.Skipped = &junit.Result{Message: "skipped", Data: t.output.String()}
	case failed:
		c.Failure = &junit.Result{Message: "failed", Data: t.output.String()}
	case lost:
		c.Error = &junit.Result{Message: "the process ended before the test", Data: t.output.String()}
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
