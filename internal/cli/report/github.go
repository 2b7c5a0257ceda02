package report

import (
	"bufio"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// github writes the findings as workflow commands of GitHub Actions, which shows
// them next to the lines of a change.
func github(w *bufio.Writer, r Report, _ Style) error {
	lines := newLines(r.Texts)
	for _, f := range r.Findings {
		s := lines.span(f.Position, f.Excerpt, f.Path)
		command := "::notice "
		switch f.Severity {
		case diag.Error:
			command = "::error "
		case diag.Warning:
			command = "::warning "
		}
		var b strings.Builder
		b.WriteString(command)
		property := func(name, value string) { b.WriteString(name + "=" + properties.Replace(value) + ",") }
		if s.file != "" {
			property("file", s.file)
		}
		if s.line > 0 {
			property("line", strconv.Itoa(s.line))
		}
		if s.column > 0 {
			property("col", strconv.Itoa(s.column))
			property("endColumn", strconv.Itoa(s.column+s.width()))
		}
		b.WriteString("title=" + properties.Replace(f.Code) + "::" + data.Replace(printable(sentences(f), true)) + "\n")
		if _, err := w.WriteString(b.String()); err != nil {
			return err
		}
	}
	return nil
}

// sentences returns the message of a finding with its related positions and help.
func sentences(f diag.Finding) string {
	var b strings.Builder
	b.WriteString(f.Message)
	for _, r := range f.Related {
		b.WriteString("\n" + r.Message)
		if r.Position.IsValid() {
			b.WriteString(" at " + r.Position.String())
		}
	}
	if f.Help != "" {
		b.WriteString("\nhelp: " + f.Help)
	}
	return b.String()
}

// Replacers that escape special characters in the data and in the properties of a
// command.
var (
	data       = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	properties = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
