package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// few is the number of findings that need no table.
const few = 10

// unreads is the number of unread inputs that the summary lists.
const unreads = 5

// summary writes a table of the codes, what was not checked, and the number of findings.
func (p *printer) summary(r Report, style Style, folded bool) {
	if p.err != nil {
		return
	}
	long := style.Summary || folded || len(r.Findings) > few
	if long {
		p.table(r)
		p.unread(r)
	}
	if folded {
		p.print("This report is shortened. Use --all to show every finding in full.\n")
	}
	if r.Fixed > 0 {
		p.print("fixed %s in %s; ", number(r.Fixed, "finding"), number(r.FixedFiles, "file"))
	}
	separator := printable.Safe("")
	for _, s := range diag.Severities() {
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
		are := "are parts"
		if r.LeftOut == 1 {
			are = "is a part"
		}
		p.print("; %s %s of kustomizations, which are checked as rendered", number(r.LeftOut, "more file"), are)
	}
	if r.Unread > 0 {
		p.print("; some input could not be read")
	}
	if r.Known > 0 {
		p.print("; %s in %s", number(r.Known, "known finding"), r.Baseline)
	}
	if r.Old > 0 {
		p.print("; %s since %s", number(r.Old, "finding")+" unchanged", r.Since)
	}
	if n := len(r.Suppressed); n > 0 {
		p.print("; %d suppressed", n)
	}
	if r.Hidden > 0 {
		p.print("; %d of lower severity not shown (see --severity)", r.Hidden)
	}
	p.fixable(r)
	if long && r.Took > 0 {
		p.print("; took %s s", took(r.Took))
	}
	p.print("\n")
}

// fixable writes how many of the findings --fix would fix.
func (p *printer) fixable(r Report) {
	safe, others := 0, 0
	for _, f := range r.Findings {
		switch {
		case len(f.Fixes) == 0 || f.Position.File == discovery.StdinName:
		case slices.ContainsFunc(f.Fixes, func(x diag.Fix) bool { return x.Safe }):
			safe++
		default:
			others++
		}
	}
	switch {
	case safe > 0 && others > 0:
		p.print("; %d can be fixed with --fix, %d more with --fix=unsafe", safe, others)
	case safe > 0:
		p.print("; %d can be fixed with --fix", safe)
	case others > 0:
		p.print("; %d can be fixed with --fix=unsafe", others)
	}
}

// took formats a duration in seconds.
func took(d time.Duration) string {
	digits := 1
	if d >= 10*time.Second {
		digits = 0
	}
	return fmt.Sprintf("%.*f", digits, d.Seconds())
}

// row is a line of the table.
type row struct {
	code         string
	found, files int
}

// text returns the row, without a color.
func (r row) text() string { return fmt.Sprintf("  %-23s %5d %5d", r.code, r.found, r.files) }

// table writes the number of findings and files by severity and code, the most frequent
// first. If there are many codes, it has two columns.
func (p *printer) table(r Report) {
	byKind := map[kind]int{}
	in := map[kind]map[string]bool{} // the files
	for i := range r.Findings {
		f := &r.Findings[i]
		k := kind{severity: f.Severity, code: f.Code}
		if byKind[k]++; in[k] == nil {
			in[k] = map[string]bool{}
		}
		in[k][f.Position.File] = true
	}
	bySeverity := map[diag.Severity][]row{}
	for k, found := range byKind {
		bySeverity[k.severity] = append(bySeverity[k.severity], row{k.code, found, len(in[k])})
	}
	columns := 1
	if len(byKind) > 2*few {
		columns = 2
	}
	for _, s := range diag.Severities() {
		rows := bySeverity[s]
		if len(rows) == 0 {
			continue
		}
		slices.SortFunc(rows, func(a, b row) int { return cmp.Or(b.found-a.found, strings.Compare(a.code, b.code)) })
		height := (len(rows) + columns - 1) / columns
		head := fmt.Sprintf("%-25s %5s %5s", s.String()+"s", "found", "files")
		p.print("%s", p.severity(s, head))
		if columns > 1 && len(rows) > height {
			p.print("   %s", p.severity(s, fmt.Sprintf("%-25s %5s %5s", "", "found", "files")))
		}
		p.print("\n")
		for i := range height {
			p.print("%s", printable.Text(rows[i].text()))
			if second := i + height; second < len(rows) {
				p.print("   %s", printable.Text(rows[second].text()))
			}
			p.print("\n")
		}
		p.print("\n")
	}
}

// unread writes what could not be read.
func (p *printer) unread(r Report) {
	var all []diag.Finding
	for _, f := range r.Findings {
		if manifest.IsReadFailure(f) {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return
	}
	p.print("%s\n", p.bold("not read"))
	for _, f := range all[:min(len(all), unreads)] {
		p.print("  %s: %s\n", f.Position, p.masked(f).Message)
	}
	if len(all) > unreads {
		p.more(all[unreads:])
	}
	p.print("\n")
}

// more writes that there are more findings.
func (p *printer) more(rest []diag.Finding) {
	p.print("  and %d more in %s\n", len(rest), number(files(rest), "file"))
}
