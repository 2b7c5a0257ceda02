package main

import (
	"encoding/json"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
)

const intro = `# Rules

What ` + "`tekwright check`" + ` and ` + "`check.Run`" + ` look for, by topic. ` + "`tekwright rules CODE`" + ` and
` + "`go doc`" + ` print the same texts. An *error* will be refused, will fail, or leaves a
` + "`$(...)`" + ` as it is; a *warning* is ignored, skipped or risky; a *note* cannot be
known offline. [defects.md](defects.md) lists what goes wrong in clusters, and
which rule finds it.

An object silences a rule for itself by an annotation that says why:

` + "```yaml" + `
metadata:
  annotations:
    check.tekwright.dev/input-in-script: only the release team starts this
` + "```" + `
`

// pageOf is the page of the rules.
func pageOf(rules []check.Rule) []byte {
	var b strings.Builder
	b.WriteString("<!-- " + generated + " -->\n\n" + intro)
	topics := map[string][]check.Rule{}
	for _, r := range rules {
		topics[r.Topic] = append(topics[r.Topic], r)
	}
	for _, topic := range check.Topics() {
		if len(topics[topic]) == 0 {
			continue
		}
		b.WriteString("\n## " + title(topic) + "\n\n| rule | severity | |\n|---|---|---|\n")
		for _, r := range topics[topic] {
			b.WriteString("| [" + r.Code + "](#" + r.Code + ") | " + r.Severity.String() + " | " + strings.ReplaceAll(r.Summary, "|", "\\|") + " |\n")
		}
	}
	for _, topic := range check.Topics() {
		for _, r := range topics[topic] {
			b.WriteString("\n### " + r.Code + "\n\n**" + r.Severity.String() + "**: " + r.Summary + ".\n\n" + r.Doc + "\n")
			b.WriteString("\n<details><summary>Example</summary>\n\nBad" + under(r.Profile) + ":\n\n```yaml\n" + r.Bad + "```\n\nGood:\n\n```yaml\n" + r.Good + "```\n\n</details>\n")
		}
	}
	b.WriteString(others())
	return []byte(b.String())
}

// others are the codes that are no rules: tables without details.
func others() string {
	var b strings.Builder
	b.WriteString("\n## Other codes\n\nThese are no rules for YAML: builders, writers and the command report what is wrong\nwith the Go that they are given, or with files. `tekwright rules CODE` explains them too.\n")
	b.WriteString("\n| code | severity | of | |\n|---|---|---|---|\n")
	for _, o := range check.Others() {
		b.WriteString("| " + o.Code + " | " + o.Severity.String() + " | " + o.Topic + " | " + strings.ReplaceAll(o.Summary, "|", "\\|") + " |\n")
	}
	return b.String()
}

// under says the profile of a bad example, if it is not the usual one.
func under(p check.Profile) string {
	text, err := json.Marshal(p)
	if err != nil || string(text) == "{}" {
		return ""
	}
	return ", with the profile `" + string(text) + "`"
}

func title(topic string) string { return strings.ToUpper(topic[:1]) + topic[1:] }
