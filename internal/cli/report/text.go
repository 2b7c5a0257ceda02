package report

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// shown is the maximum number of related positions that are shown with their
// lines, so that a long cycle does not hide the message.
const shown = 3

// text writes the report in the text format.
func text(w *bufio.Writer, r Report, style Style) error {
	p := &printer{Writer: w, lines: newLines(r.Texts), paint: paint(style.Color)}
	for _, f := range r.Findings {
		p.finding(f, style.Brief)
	}
	if !style.Brief {
		p.summary(r)
	}
	return nil
}

// printer writes text; errors are kept by the bufio.Writer.
type printer struct {
	*bufio.Writer
	*lines
	paint
}

func (p *printer) print(parts ...string) {
	for _, s := range parts {
		_, _ = p.WriteString(s)
	}
}

// finding writes one finding: the message, the line, the related positions, and
// the help.
func (p *printer) finding(f diag.Finding, brief bool) {
	if f.Position.IsValid() {
		p.print(p.bold(printable(f.Position.String(), false)+":"), " ")
	} else if f.Object.Kind != "" {
		p.print(p.bold(printable(f.Object.String(), false)+":"), " ")
	}
	p.print(p.severity(f.Severity, f.Severity.String()+" "+f.Code+":"), " ", p.bold(printable(f.Message, false)), "\n")
	if brief {
		return
	}
	main := p.span(f.Position, f.Excerpt, f.Path)
	others := make([]span, len(f.Related))
	digits := len(strconv.Itoa(main.line))
	for i, r := range f.Related {
		others[i] = p.span(r.Position, r.Excerpt, r.Path)
		if i < shown {
			digits = max(digits, len(strconv.Itoa(others[i].line)))
		}
	}
	p.source(main, digits, func(s string) string { return p.severity(f.Severity, s) })
	for i, r := range f.Related {
		p.print("  ")
		if r.Position.IsValid() {
			p.print(printable(r.Position.String(), false), ": ")
		}
		p.print(printable(r.Message, false), "\n")
		if i < shown && (others[i].file != main.file || others[i].line != main.line || others[i].column != main.column) {
			p.source(others[i], digits, p.blue)
		}
	}
	if f.Help != "" {
		help := strings.ReplaceAll(strings.TrimRight(printable(f.Help, true), "\n"), "\n", "\n        ")
		p.print("  ", p.bold("help:"), " ", help, "\n")
	}
	p.print("\n")
}

// source writes a line with its number and a mark below the part in question.
func (p *printer) source(s span, digits int, mark func(string) string) {
	if !s.known() {
		return
	}
	line, blank, length := s.ruler.window(s.start, s.end)
	p.print("  ", p.blue(fmt.Sprintf("%*d |", digits, s.line)), " ", line, "\n")
	if s.column > 0 {
		p.print("  ", p.blue(strings.Repeat(" ", digits)+" |"), " ", strings.Repeat(" ", blank), mark(strings.Repeat("^", length)), "\n")
	}
}

// room is the maximum number of columns of a line to show, and lead the number of
// columns before the marked part if the line is longer.
const (
	room = 110
	lead = 40
)

// window returns the part of a line to show, so that it includes start to end:
// the text, the columns before start, and the columns from start to end.
func (r *ruler) window(start, end int) (text string, blank, length int) {
	from, to := 0, r.width
	if r.width > room {
		if before := r.columns(start); before > room-lead {
			from = before - lead
		}
		to = from + room
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
		blank = 1
	}
	for g := range glyphs(r.text, r.from(from)) {
		switch {
		case g.column < from:
			continue
		case g.column+g.width <= to:
			b.WriteString(g.text)
			if g.at < start {
				blank += g.width
			} else if g.at < end {
				length += g.width
			}
			continue
		}
		break
	}
	if to < r.width {
		b.WriteString("…")
	}
	return strings.TrimRight(b.String(), " "), blank, max(1, length)
}

// summary writes the number of findings.
func (p *printer) summary(r Report) {
	var counts []string
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		if n := r.count(s); n > 0 {
			counts = append(counts, p.severity(s, number(n, s.String())))
		}
	}
	if len(counts) == 0 {
		counts = []string{"no findings"}
	}
	p.print(strings.Join(counts, ", "), " in ", number(r.Objects, "object"), " of ", number(r.Files, "file"))
	if r.LeftOut > 0 {
		p.print("; ", number(r.LeftOut, "file"), " left out as part of a kustomization")
	}
	if r.Unread > 0 {
		p.print("; some input could not be read")
	}
	if r.Hidden > 0 {
		p.print("; ", strconv.Itoa(r.Hidden), " of lower severity not shown (see --severity)")
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

func (p paint) with(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p paint) bold(text string) string { return p.with("1", text) }
func (p paint) blue(text string) string { return p.with("34", text) }

func (p paint) severity(s diag.Severity, text string) string {
	switch s {
	case diag.Error:
		return p.with("1;31", text)
	case diag.Warning:
		return p.with("1;33", text)
	}
	return p.with("1;36", text)
}
