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
	switch {
	case style.Brief:
		for _, i := range bySeverity(r.Findings) {
			p.head(r.Findings[i], nil)
		}
	case style.Summary:
		p.summary(r, style, false)
	default:
		findings := make(diag.Findings, 0, len(r.Findings))
		for _, i := range bySeverity(r.Findings) {
			findings = append(findings, r.Findings[i])
		}
		p.report(r, findings, style)
	}
	return p.err
}

// bySeverity returns the indexes of the findings in the order in which they are shown: what
// has to be mended first comes first.
func bySeverity(findings diag.Findings) []int {
	order := make([]int, len(findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(findings[a].Severity, findings[b].Severity) })
	return order
}

// report writes the findings with as much detail as fits, and the summary.
func (p *printer) report(r Report, findings diag.Findings, style Style) {
	write := func(p *printer) {
		for _, f := range findings {
			p.finding(f)
			p.print("\n")
		}
		p.summary(r, style, false)
	}
	if style.All || len(findings) <= tall && p.fits(write) {
		write(p)
		return
	}
	all := fold(findings)
	for d := three; d <= singleErrors; d++ {
		write = func(p *printer) {
			for i, f := range all {
				if p.err != nil {
					return
				}
				var before, after diag.Finding
				if i > 0 {
					before = all[i-1][0]
				}
				if i+1 < len(all) {
					after = all[i+1][0]
				}
				p.folded(f, d, before, after)
			}
			p.summary(r, style, true)
		}
		if d == singleErrors || p.fits(write) {
			write(p)
			return
		}
	}
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

// head writes the first line of a finding without its end, and how many more there are.
func (p *printer) head(f diag.Finding, rest []diag.Finding) {
	f = p.masked(f)
	at := f.Object.String()
	if f.Position.IsValid() {
		at = f.Position.String()
	}
	if f.Position.IsValid() || f.Object != (diag.ObjectRef{}) { // otherwise it is about the check itself
		p.print("%s ", p.bold(at+":"))
	}
	p.print("%s %s", p.severity(f.Severity, f.Severity.String()+" "+f.Code+":"), p.bold(f.Message))
	if len(rest) > 0 {
		p.print(" (and %d more in %s)", len(rest), number(files(rest), "file"))
	}
	p.print("\n")
}

// folded writes findings of one kind, which is between the kinds of two others. At the end
// of a severity, there is a blank line. A help is not repeated.
func (p *printer) folded(all folded, d detail, before, after diag.Finding) {
	f := all[0]
	if f.Severity != diag.Error && d >= wholeErrors || d == singleErrors {
		p.head(f, all[1:])
		if f.Severity == diag.Error && (f.Code != before.Code || f.Help != before.Help) {
			p.help(p.masked(f))
		}
		if f.Severity != after.Severity {
			p.print("\n")
		}
		return
	}
	n := 1
	if d == three {
		n = min(len(all), 3)
	}
	for i, f := range all[:n] {
		p.finding(f)
		if i+1 == n && len(all) > n {
			p.more(all[n:])
		}
		p.print("\n")
	}
}

// finding writes one finding: the message, the line, the related positions, and the help.
func (p *printer) finding(f diag.Finding) {
	p.head(f, nil)
	main := p.span(f.Position, f.Excerpt, f.Path)
	f = p.masked(f)
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
		if r.Object.Kind == "" && r.Path.IsRoot() && strings.HasSuffix(r.Message, " "+r.Position.File) { // a file as a whole
			p.print("  %s\n", r.Message)
			continue
		}
		if r.Position.IsValid() {
			p.print("  %s: %s\n", r.Position, r.Message)
		} else {
			p.print("  %s\n", r.Message)
		}
		if i < shown && (others[i].file != main.file || others[i].line != main.line || others[i].column != main.column) {
			p.source(others[i], digits, p.blue)
		}
	}
	p.help(f)
}

// help writes the help of a finding.
func (p *printer) help(f diag.Finding) {
	if f.Help != "" {
		p.print("  %s %s\n", p.bold("help:"), printable.Indented(strings.TrimRight(f.Help, "\n"), "        "))
	}
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
