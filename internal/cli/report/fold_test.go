package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/diag"
)

// many returns a report with n findings of each of some codes in several files.
func many(n int, codes ...string) report.Report {
	r := report.Report{Texts: map[string]string{}, Objects: 5, Files: 3}
	for i := range n {
		file := fmt.Sprintf("f%02d.yaml", i%3)
		r.Texts[file] = strings.Repeat("  - name: some # of them\n", n)
		for _, code := range codes {
			code, severity, _ := strings.Cut(code, " ")
			r.Findings = append(r.Findings, finding(at(file, i+1, 5), "", func(f *diag.Finding) {
				f.Code, f.Message, f.Help = code, fmt.Sprintf("param %q of $(tasks.a%d) is unknown at %d", fmt.Sprint("p", i), i, i), "declare it"
				if severity != "" {
					_ = f.Severity.UnmarshalText([]byte(severity))
				}
			}))
		}
	}
	r.Findings.Sort()
	return r
}

func lines(text string) int { return strings.Count(text, "\n") }

// TestFold tests that the same findings are folded if there are very many, with as much
// detail as three screens have room for.
func TestFold(t *testing.T) {
	text := func(r report.Report, s report.Style) string { return string(write(t, "text", r, s)) }
	for name, r := range map[string]report.Report{
		"whole":  many(20, "a-unknown"),
		"three":  many(60, "a-unknown", "b-unused warning", "c-external note"),
		"one":    many(20, strings.Fields("a b c d e f g h i j k l")...),
		"errors": many(20, append(strings.Fields("a b c d e f g h i"), "x warning", "y warning", "z warning", "v warning", "w note", "u note", "t warning", "s warning", "r warning", "q warning", "p warning", "o warning", "n warning", "m warning")...),
		"lines":  many(20, strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff")...),
	} {
		folded := text(r, report.Style{})
		golden.Check(t, "testdata/fold-"+name+".text", []byte(folded))
		assert.LessOrEqual(t, lines(folded), 150, name)
		all := text(r, report.Style{All: true})
		assert.Equal(t, name != "whole", all != folded)
		for _, f := range r.Findings {
			// No kind is hidden, and --all shows all findings.
			assert.Contains(t, folded, " "+f.Severity.String()+" "+f.Code+": ", name)
			assert.Contains(t, all, f.Position.String()+": "+f.Severity.String()+" "+f.Code+": ", name)
		}
		assert.Equal(t, name != "whole", strings.Contains(folded, "--all"), name)
		// The other ways to write do not fold.
		assert.Equal(t, len(r.Findings), lines(text(r, report.Style{Brief: true})), name)
	}
}

// TestFoldDifferent tests that errors with different messages are not folded into one, and
// that a message counts as the same whatever names it has.
func TestFoldDifferent(t *testing.T) {
	messages := func(different bool, texts ...string) report.Report {
		r := many(200, "z-unused warning")
		for i, m := range texts {
			r.Findings = append(r.Findings, finding(at("f01.yaml", i+1, 1), "", func(f *diag.Finding) { f.Message = m }))
			if different {
				f := r.Findings[len(r.Findings)-1]
				r.Findings = append(r.Findings, f, f, f, f)
			}
		}
		return r
	}
	different := []string{"field a is unknown", "field b is unknown", "unknown", `task "x" has no param`, `task "x" has no params`, `"x" is unknown`, "$(x) is unknown, too"}
	out := string(write(t, "text", messages(true, different...), report.Style{}))
	for _, m := range different {
		assert.Contains(t, out, "error who-unknown: "+m)
	}
	for _, same := range [][]string{
		{`task "a" has no param "b"`, `task "c" has no param "d e"`, `task "\"" has no param ""`, `task "a" has no param "x" and "y"`, `task "a", "b" or "c" has no param "x", "y" and "z"`},
		{"$(params.a) is unknown", "$(tasks.x.results.y[*]) is unknown", "$(a), $(b) and $(c) is unknown", `"a" is unknown`},
		{"Kubernetes 1.22 lacks spec.tasks[0].params[12]", "Kubernetes 1.9 lacks spec.tasks[10].params[1]"},
	} {
		many := append(append(append([]string{}, same...), same...), same...)
		out := string(write(t, "text", messages(false, many...), report.Style{}))
		assert.Equal(t, 3, strings.Count(out, "error who-unknown: "), out)
		assert.Contains(t, out, fmt.Sprintf("  and %d more in 1 file\n", len(many)-3))
	}
}

// TestSummary tests the table, and what is below it.
func TestSummary(t *testing.T) {
	style := report.Style{Summary: true}
	r := full()
	r.Unread, r.LeftOut, r.Took = 1, 2, 1234*time.Millisecond
	golden.Check(t, "testdata/summary.text", write(t, "text", r, style))
	golden.Check(t, "testdata/summary-none.text", write(t, "text", report.Report{Objects: 1, Files: 1, Took: 12345 * time.Millisecond}, style))
	// Two columns, at most 80 characters.
	r = many(3, strings.Fields("a serviceaccount-external c d e f g h i j k l m n o p q r s t u v w x y z")...)
	golden.Check(t, "testdata/summary-many.text", write(t, "text", r, style))
	for i := range 20 {
		r.Findings = append(r.Findings, finding(at(fmt.Sprintf("broken%d.yaml", i), 3, 1), "", func(f *diag.Finding) { f.Code, f.Message = "yaml-invalid", "a key is not allowed here" }))
	}
	r.Unread = 20
	out := string(write(t, "text", r, style))
	assert.Contains(t, out, "  broken4.yaml:3:1: a key is not allowed here\n  and 15 more in 15 files\n")
	for line := range strings.Lines(out) {
		assert.LessOrEqual(t, len(line), 81, line)
	}
	// A few findings need no table, and say nothing of the time.
	r = many(1, "a", "b warning")
	r.Took = time.Minute
	assert.NotContains(t, string(write(t, "text", r, report.Style{})), "found files")
	assert.NotContains(t, string(write(t, "text", r, report.Style{})), "took")
}
