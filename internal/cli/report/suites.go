package report

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"

	"github.com/tekwright/tekwright/internal/printable"
)

// Suite are the cases of a file of tekwright test.
type Suite struct {
	Name  string // of the file
	Cases []Case
	Took  time.Duration
}

// Case is a case that has run.
type Case struct {
	Name    string
	File    string
	Line    int
	Failure string // what is not as expected, "" if all is
	Error   string // why it could not run, "" if it did
	Output  string // of the steps
	Took    time.Duration
}

// The parts of JUnit's XML about tests, which also have times and outputs.
type (
	testSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Cases    []testCase
	}
	testCase struct {
		XMLName   xml.Name     `xml:"testcase"`
		ClassName string       `xml:"classname,attr"`
		Name      string       `xml:"name,attr"`
		File      string       `xml:"file,attr,omitempty"`
		Line      int          `xml:"line,attr,omitempty"`
		Time      string       `xml:"time,attr"`
		Failure   *junitResult `xml:"failure"`
		Error     *junitResult `xml:"error"`
		Output    string       `xml:"system-out,omitempty"`
	}
)

// WriteSuites writes suites as JUnit's XML.
func WriteSuites(w io.Writer, suites []Suite) error {
	if err := printable.Fprintf(w, "%s\n<testsuites name=\"tekwright test\">\n", printable.Safe(`<?xml version="1.0" encoding="UTF-8"?>`)); err != nil {
		return err
	}
	for _, s := range suites {
		out := testSuite{Name: printable.Line(s.Name), Tests: len(s.Cases), Time: seconds(s.Took)}
		for _, c := range s.Cases {
			one := testCase{ClassName: out.Name, Name: printable.Line(c.Name), File: printable.Line(c.File), Line: c.Line, Time: seconds(c.Took), Output: printable.Lines(c.Output, "")}
			switch {
			case c.Error != "":
				out.Errors++
				one.Error = &junitResult{Message: printable.Line(c.Error), Text: printable.Lines(c.Error, "")}
			case c.Failure != "":
				out.Failures++
				one.Failure = &junitResult{Message: printable.Line(c.Failure), Text: printable.Lines(c.Failure, "")}
			}
			out.Cases = append(out.Cases, one)
		}
		if err := printable.WriteXML(w, out, 1); err != nil {
			return err
		}
	}
	return printable.Fprintf(w, "</testsuites>\n")
}

// seconds returns a time as JUnit writes it.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
