package check

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/diag"
)

// A rule is described once, in rules/CODE.md: codes.go, docs/rules.md and the
// command print that text.

//go:embed rules/*.md
var ruleFiles embed.FS

// Topics are what the rules of this package are about, in the order in which
// to read them.
func Topics() []string {
	return []string{
		"documents", "names", "references", "params", "results", "workspaces", "volumes", "order", "steps",
		"objects", "runs", "triggers", "access", "practice", "versions", "checker",
	}
}

// Rules returns the rules of this package, sorted by code.
func Rules() []Rule { return slices.Clone(allRules()) }

// RuleOf returns the rule of this package with that code; false if there is
// none.
func RuleOf(code string) (Rule, bool) {
	i, ok := slices.BinarySearchFunc(allRules(), code, func(r Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return Rule{}, false
	}
	return allRules()[i], true
}

var allRules = sync.OnceValue(func() []Rule {
	entries, err := ruleFiles.ReadDir("rules")
	if err != nil {
		return nil
	}
	var rules []Rule
	for _, e := range entries {
		if b, err := ruleFiles.ReadFile("rules/" + e.Name()); err == nil {
			rules = append(rules, parseRule(string(b)))
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
})

// parseRule reads the file of a rule: a title "# code: summary", the lines
// "Severity: ", "Topic: " and perhaps "Profile: ", the text, and the examples
// below "## Bad" and "## Good". A test holds every file against that form.
func parseRule(text string) Rule {
	var r Rule
	title, rest, _ := strings.Cut(text, "\n")
	r.Code, r.Summary, _ = strings.Cut(strings.TrimPrefix(title, "# "), ": ")
	for {
		rest = strings.TrimLeft(rest, "\n")
		line, after, _ := strings.Cut(rest, "\n")
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			break
		}
		switch name {
		case "Severity":
			r.Severity, _ = diag.ParseSeverity(value)
		case "Topic":
			r.Topic = value
		case "Profile":
			if yaml.UnmarshalStrict([]byte(value), &r.Profile) != nil {
				r.Severity = 0 // not a severity
			}
		default:
			ok = false
		}
		if !ok {
			break
		}
		rest = after
	}
	doc, examples, _ := strings.Cut(rest, "\n## Bad\n")
	bad, good, _ := strings.Cut(examples, "\n## Good\n")
	r.Doc, r.Bad, r.Good = strings.TrimSpace(doc), fenced(bad), fenced(good)
	return r
}

// fenced is what stands in a fence of Markdown.
func fenced(s string) string {
	_, s, _ = strings.Cut(s, "```yaml\n")
	s, _, _ = strings.Cut(s, "```")
	return s
}
