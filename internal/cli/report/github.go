package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// github writes the findings as workflow commands of GitHub Actions, which shows
// them next to the lines of a change.
func github(w io.Writer, l *lines, r Report, _ Style) error {
	for _, f := range r.Findings {
		s := l.span(f.Position, f.Excerpt, f.Path)
		f = l.masked(f)
		command := "notice"
		switch f.Severity {
		case diag.Error:
			command = "error"
		case diag.Warning:
			command = "warning"
		}
		var properties [][2]string
		if s.file != "" {
			properties = append(properties, [2]string{"file", s.file})
		}
		if s.line > 0 {
			properties = append(properties, [2]string{"line", strconv.Itoa(s.line)})
		}
		if s.column > 0 {
			properties = append(properties, [2]string{"col", strconv.Itoa(s.column)}, [2]string{"endColumn", strconv.Itoa(s.column + s.width())})
		}
		properties = append(properties, [2]string{"title", f.Code})
		if err := printable.Fprintf(w, "%s\n", printable.Command(command, properties, sentences(f))); err != nil {
			return err
		}
	}
	return nil
}

// sentences returns the message of a finding with its related positions and help.
func sentences(f diag.Finding) string {
	var b strings.Builder
	b.WriteString(printable.Line(f.Message))
	for _, r := range f.Related {
		b.WriteString("\n" + printable.Line(r.Message))
		if r.Position.IsValid() {
			b.WriteString(" at " + printable.Line(r.Position.String()))
		}
	}
	if f.Help != "" {
		b.WriteString("\nhelp: " + f.Help)
	}
	return b.String()
}
