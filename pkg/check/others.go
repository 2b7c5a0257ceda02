package check

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// The codes that are no rules of this package are described in others.md, a
// line each below the heading of their topic.

//go:embed others.md
var othersFile string

// OtherFindings returns the codes of findings that no rule of this package makes,
// sorted by code: those of the builders, of the writers, and of the command.
// Each has a code, a severity, a topic and a summary only. [LookupRule] finds none
// of them.
func OtherFindings() []*rule.Rule { return slices.Clone(otherCodes()) }

// LookupOther returns the one of [OtherFindings] with that code; false if there is none.
func LookupOther(code string) (*rule.Rule, bool) {
	i, ok := slices.BinarySearchFunc(otherCodes(), code, func(r *rule.Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return nil, false
	}
	return otherCodes()[i], true
}

// otherCodes reads lines "- code: summary", or "- code (warning): summary".
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
			r.Severity, _ = diag.ParseSeverity(severity) // a test holds every line against the form
		}
		r.Text = "# " + r.Code + ": " + summary + "\n"
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *rule.Rule) int { return strings.Compare(a.Code, b.Code) })
	return all
})
