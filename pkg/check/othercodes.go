package check

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// The file othercodes.md describes the codes that are not rules of this
// package, one a line below the heading of their topic.

//go:embed othercodes.md
var othersFile string

// OtherCodes returns the codes of findings that do not come from rules of this
// package, sorted by code: those of the builders, the readers and writers, and
// the checker itself. Each has only a code, a severity, a topic and a summary.
// The caller must not modify them.
func OtherCodes() []*rule.Rule { return slices.Clone(otherCodes()) }

// otherCodes parses lines "- code: summary" and "- code (warning): summary".
var otherCodes = sync.OnceValue(func() []*rule.Rule {
	var all []*rule.Rule
	topic := ""
	for line := range strings.Lines(othersFile) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			topic = heading
		}
		item, ok := strings.CutPrefix(line, "- ")
		if !ok {
			continue
		}
		r := &rule.Rule{Topic: topic, Severity: diag.Error}
		var summary string
		r.Code, summary, _ = strings.Cut(item, ": ")
		if code, severity, ok := strings.Cut(strings.TrimSuffix(r.Code, ")"), " ("); ok {
			r.Code = code
			r.Severity, _ = diag.ParseSeverity(severity) // a test checks the format of every line
		}
		r.Text = "# " + r.Code + ": " + summary + "\n"
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *rule.Rule) int { return strings.Compare(a.Code, b.Code) })
	return all
})
