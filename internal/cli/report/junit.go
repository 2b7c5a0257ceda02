package report

import (
	"cmp"
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// The parts of JUnit's XML that GitLab, Jenkins and actions for GitHub read.
type (
	junitSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Cases    []junitCase
	}
	junitCase struct {
		XMLName   xml.Name     `xml:"testcase"`
		ClassName string       `xml:"classname,attr"`
		Name      string       `xml:"name,attr"`
		File      string       `xml:"file,attr,omitempty"`
		Line      int          `xml:"line,attr,omitempty"`
		Failure   *junitResult `xml:"failure"`
		Error     *junitResult `xml:"error"`
		Skipped   *junitResult `xml:"skipped"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// junit writes a suite for each file, and a test case for each of its findings, or one
// that passes. Errors and warnings are failures. What could not be read is an error. Notes
// are skipped, because they do not count.
func junit(w io.Writer, l *lines, r Report, _ Style) error {
	byFile := map[string][]diag.Finding{}
	for file := range r.Texts {
		byFile[file] = nil
	}
	for _, file := range r.Names {
		byFile[file] = nil
	}
	for _, f := range r.Findings {
		byFile[f.Position.File] = append(byFile[f.Position.File], f)
	}
	if err := printable.Fprintf(w, "%s\n<testsuites name=\"tekwright\">\n", printable.Safe(`<?xml version="1.0" encoding="UTF-8"?>`)); err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := printable.WriteXML(w, l.suite(file, byFile[file]), 1); err != nil {
			return err
		}
	}
	return printable.Fprintf(w, "</testsuites>\n")
}

// suite returns the suite of a file.
func (l *lines) suite(file string, findings []diag.Finding) junitSuite {
	s := junitSuite{Name: printable.Line(cmp.Or(file, "(no file)"))}
	used, again := map[string]bool{}, map[string]int{}
	for _, f := range findings {
		f = l.masked(f)
		c := junitCase{ClassName: s.Name, Name: printable.Line(f.Code + ": " + f.Message), Line: f.Position.Line}
		if file != "" {
			c.File = s.Name
		}
		// Of several with one name, readers show only the first.
		for name := c.Name; used[c.Name]; {
			again[name]++
			c.Name = name + " (" + strconv.Itoa(again[name]+1) + ")"
		}
		used[c.Name] = true
		at := cmp.Or(f.Position.String(), f.Object.String())
		result := &junitResult{Message: printable.Line(f.Message), Type: f.Code, Text: printable.Lines(at+": "+f.Severity.String()+" "+f.Code+": "+sentences(f), "  ")}
		switch {
		case manifest.IsReadFailure(f):
			c.Error = result
			s.Errors++
		case f.Severity == diag.Note:
			result.Type = "" // the element has none
			c.Skipped = result
			s.Skipped++
		default:
			c.Failure = result
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{{ClassName: s.Name, Name: "no findings", File: s.Name}}
	}
	s.Tests = len(s.Cases)
	return s
}
