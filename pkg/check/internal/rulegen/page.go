package main

import (
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/rule"
)

const intro = `# Rules

The rules of ` + "`tekwright check`" + ` and ` + "`check.Run`" + `, by topic. ` + "`tekwright rules CODE`" + ` and
` + "`go doc`" + ` print the same texts. An *error* means that the cluster rejects the
object, that the run fails, or that a ` + "`$(...)`" + ` is passed on unreplaced. A
*warning* means that something is ignored, skipped or risky. A *note* means that
it cannot be known offline, or is advice. Rules with *pedantic* or *auditor* apply
only with that ` + "`--persona`" + `. [defects.md](defects.md) lists what goes wrong in
clusters, and which rule finds it.

To suppress a rule for one object, add an annotation with the reason:

` + "```yaml" + `
metadata:
  annotations:
    check.tekwright.dev/input-in-script: only the release team starts this
` + "```" + `
`

// pageOf returns the Markdown page of the rules.
func pageOf(rules []*rule.Rule) []byte {
	var b strings.Builder
	b.WriteString("<!-- " + generated + " -->\n\n" + intro)
	topics := map[string][]*rule.Rule{}
	for _, r := range rules {
		topics[r.Topic] = append(topics[r.Topic], r)
	}
	for _, topic := range check.Topics() {
		if len(topics[topic]) == 0 {
			continue
		}
		b.WriteString("\n## " + title(topic) + "\n\n| rule | severity | |\n|---|---|---|\n")
		for _, r := range topics[topic] {
			b.WriteString("| [" + r.Code + "](#" + r.Code + ") | " + severityOf(r) + " | " + strings.ReplaceAll(r.Doc().Summary, "|", "\\|") + " |\n")
		}
	}
	for _, topic := range check.Topics() {
		for _, r := range topics[topic] {
			b.WriteString("\n### " + r.Code + "\n\n**" + severityOf(r) + "**: " + r.Doc().Summary + ".\n\n" + r.Doc().Text + "\n")
			b.WriteString("\n<details><summary>Example</summary>\n\nBad" + under(r.Doc().Profile) + ":\n\n```yaml\n" + r.Doc().Bad + "```\n\nGood:\n\n```yaml\n" + r.Doc().Good + "```\n\n</details>\n")
		}
	}
	b.WriteString(others())
	return []byte(b.String())
}

// severityOf returns the severity of a rule, with the persona that it is for.
func severityOf(r *rule.Rule) string {
	if r.Persona == "" || r.Persona == rule.Regular {
		return r.Severity.String()
	}
	return r.Severity.String() + ", " + string(r.Persona)
}

// others returns a table of the codes that are not rules.
func others() string {
	var b strings.Builder
	b.WriteString("\n## Other codes\n\nThese codes are not rules. The builders report them for Go code, and the readers,\nthe writers and the command for files. `tekwright rules CODE` explains them too.\n")
	b.WriteString("\n| code | severity | reported by | |\n|---|---|---|---|\n")
	for _, o := range check.OtherCodes() {
		b.WriteString("| " + o.Code + " | " + o.Severity.String() + " | " + o.Topic + " | " + strings.ReplaceAll(o.Doc().Summary, "|", "\\|") + " |\n")
	}
	return b.String()
}

// under names the profile of a bad example, unless it is the zero profile.
func under(profile string) string {
	if profile == "" {
		return ""
	}
	return ", with the profile `" + profile + "`"
}

func title(topic string) string { return strings.ToUpper(topic[:1]) + topic[1:] }
