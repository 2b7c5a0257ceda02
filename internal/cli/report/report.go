// Package report writes findings for people and for programs.
package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Report is what a check has found.
type Report struct {
	Findings diag.Findings     // those to show, in order
	Texts    map[string]string // of the files that places name
	Objects  int               // that were checked
	Files    int               // that they come from
	LeftOut  int               // files that were not read, as parts of kustomizations
	Hidden   int               // findings that are less severe than asked for
	Unread   int               // findings that say that something was not read
	Version  string            // of the command
}

// Style is how text for people looks.
type Style struct {
	Colour bool
	Brief  bool // one line for each finding, and nothing else
}

// Formats are the names of the formats, the one for people first.
func Formats() []string { return []string{"text", "json", "sarif", "github"} }

// Write writes the report in one of the formats.
func Write(w io.Writer, format string, r Report, style Style) error {
	write, ok := map[string]func(*bufio.Writer, Report, Style) error{
		"text": text, "json": asJSON, "sarif": sarif, "github": github,
	}[format]
	if !ok {
		return fmt.Errorf("there is no format %q", format)
	}
	b := bufio.NewWriter(w)
	if err := write(b, r, style); err != nil {
		return err
	}
	return b.Flush()
}

// count is the number of findings of a severity.
func (r Report) count(s diag.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// codes are the codes of the findings, sorted, each once.
func (r Report) codes() []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
