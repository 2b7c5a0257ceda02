package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// shown is the maximum number of related positions that are shown with their
// lines, so that a long cycle does not hide the message.
const shown = 3

// text writes the report in the text format.
func text(w io.Writer, l *lines, r Report, style Style) error {
	p := &printer{w: w, lines: l, paint: paint(style.Color)}
	// What has to be mended first comes first.
	findings := slices.Clone(r.Findings)
	slices.SortStableFunc(findings, func(a, b diag.Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	for _, f := range findings {
		p.finding(f, style.Brief)
	}
	if !style.Brief {
		p.summary(r)
	}
	return p.err
}

// printer writes text, up to the first error.
type printer struct {
	w io.Writer
	*lines
	paint
	err error
}

func (p *printer) print(format string, args ...any) {
	if p.err == nil {
		p.err = printable.Fprintf(p.w, format, args...)
	}
}

// finding writes one finding: the message, the line, the related positions, and
// the help.
func (p *printer) finding(f diag.Finding, brief bool) {
	main := p.span(f.Position, f.Excerpt, f.Path)
	f = p.masked(f)
	at := f.Object.String()
	if f.Position.IsValid() {
		at = f.Position.String()
	}
	p.print("%s %s %s\n", p.bold(at+":"), p.severity(f.Severity, f.Severity.String()+" "+f.Code+":"), p.bold(f.Message))
	if brief {
		return
	}
	others := make([]span, len(f.Related))
	digits := len(strconv.Itoa(main.line))
	for i, r := range f.Related {
		others[i] = p.span(r.Position, r.Excerpt, r.Path)
		if i < shown {
			digits = max(digits, len(strconv.Itoa(others[i].line)))
		}
	}
	p.source(main, digits, func(s string) printable.Safe { return p.severity(f.Severity, s) })
	for i, r := range f.Related {
		if r.Position.IsValid() {
			p.print("  %s: %s\n", r.Position, r.Message)
		} else {
			p.print("  %s\n", r.Message)
		}
		if i < shown && (others[i].file != main.file || others[i].line != main.line || others[i].column != main.column) {
			p.source(others[i], digits, p.blue)
		}
	}
	if f.Help != "" {
		p.print("  %s %s\n", p.bold("help:"), printable.Indented(strings.TrimRight(f.Help, "\n"), "        "))
	}
	p.print("\n")
}

// source writes a line with its number and a mark below the part in question.
func (p *printer) source(s span, digits int, mark func(string) printable.Safe) {
	if !s.known() {
		return
	}
	line, blank, length := s.ruler.window(s.start, s.end)
	p.print("  %s %s\n", p.blue(fmt.Sprintf("%*d |", digits, s.line)), line)
	if s.column > 0 {
		p.print("  %s %s%s\n", p.blue(strings.Repeat(" ", digits)+" |"), strings.Repeat(" ", blank), mark(strings.Repeat("^", length)))
	}
}

// room is the maximum number of columns of a line to show, and lead the number of
// columns before the marked part if the line is longer.
const (
	room = 110
	lead = 40
)

// summary writes the number of findings.
func (p *printer) summary(r Report) {
	separator := printable.Safe("")
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		if n := r.count(s); n > 0 {
			p.print("%s%s", separator, p.severity(s, number(n, s.String())))
			separator = ", "
		}
	}
	if len(r.Findings) == 0 {
		p.print("no findings")
	}
	p.print(" in %s of %s", number(r.Objects, "object"), number(r.Files, "file"))
	if r.LeftOut > 0 {
		p.print("; %s left out as part of a kustomization", number(r.LeftOut, "file"))
	}
	if r.Unread > 0 {
		p.print("; some input could not be read")
	}
	if r.Hidden > 0 {
		p.print("; %d of lower severity not shown (see --severity)", r.Hidden)
	}
	p.print("\n")
}

// number returns a count with a noun.
func number(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// paint adds colors to text if it is true.
type paint bool

func (p paint) with(code, text string) printable.Safe {
	if !p {
		code = ""
	}
	return printable.Styled(code, text)
}

func (p paint) bold(text string) printable.Safe { return p.with("1", text) }
func (p paint) blue(text string) printable.Safe { return p.with("34", text) }

func (p paint) severity(s diag.Severity, text string) printable.Safe {
	switch s {
	case diag.Error:
		return p.with("1;31", text)
	case diag.Warning:
		return p.with("1;33", text)
	}
	return p.with("1;36", text)
}
