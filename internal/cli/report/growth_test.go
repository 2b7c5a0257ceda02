package report_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TestGrowth tests that each format takes time and memory in proportion to the findings,
// however much they are alike.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("writes large reports")
	}
	words := func(i int) string {
		return string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))
	}
	for name, change := range map[string]func(i int, f *diag.Finding){
		"equal":            func(int, *diag.Finding) {},
		"different errors": func(i int, f *diag.Finding) { f.Message = "field " + words(i) + " is unknown" },
		"different subjects": func(i int, f *diag.Finding) {
			f.Message, f.Subject = fmt.Sprintf("param %q is unknown", words(i)), words(i)
		},
		"different codes":     func(i int, f *diag.Finding) { f.Code = words(i) },
		"files":               func(i int, f *diag.Finding) { f.Position.File = words(i) + ".yaml" },
		"numbered messages":   func(i int, f *diag.Finding) { f.Message = fmt.Sprintf("the same (%d)", i/2) },
		"unread":              func(_ int, f *diag.Finding) { f.Code = "yaml-invalid" },
		"long messages":       func(i int, f *diag.Finding) { f.Message = strings.Repeat(`"a", $(b) and 1, `, i%40) },
		"without a position":  func(_ int, f *diag.Finding) { f.Position = diag.Position{} },
		"objects of one name": func(i int, f *diag.Finding) { f.Object.Namespace = words(i) },
	} {
		for _, format := range report.Formats() {
			t.Run(name+" as "+format, func(t *testing.T) {
				growth.Linear(t, 500, func(n int) (work func()) {
					r := report.Report{Texts: map[string]string{"a.yaml": strings.Repeat("  - name: x\n", n)}}
					for i := range n {
						r.Findings = append(r.Findings, finding(at("a.yaml", i+1, 5), "", func(f *diag.Finding) { change(i, f) }))
					}
					return func() { require.NoError(t, report.Write(io.Discard, format, r, report.Style{})) }
				})
			})
		}
	}
}
