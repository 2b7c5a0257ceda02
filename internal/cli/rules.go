package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// rules returns the command rules.
func (a *app) rules() *cobra.Command {
	format := choice{value: "text", allowed: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "rules [CODE]",
		Short: "List the rules or explain one",
		Long: `Rules lists all rules by topic, with their code, severity and summary. With a code,
it explains what the mistake causes in a cluster and what to do, with one example
that is reported and one that is not.

The last topics list other codes: those that the builders report about Go code,
and those for problems with reading and writing files.`,
		Example: `  tekwright rules
  tekwright rules param-missing
  tekwright rules -o json`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeOne,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				if format.value == "json" {
					return printable.WriteJSON(a.Out, described(everything()...), true)
				}
				return list(a.Out)
			}
			r, ok := check.Lookup(args[0])
			switch {
			case !ok:
				return unknownRule(args[0])
			case format.value == "json":
				return printable.WriteJSON(a.Out, described(r)[0], true)
			}
			return explain(a.Out, r)
		},
	}
	format.flag(cmd, "output", "o", "output `format`: "+alternatives(format.allowed))
	return cmd
}

// unknownRule returns an error that suggests the rule that was meant.
func unknownRule(code string) error {
	help := "list the rules with: tekwright rules"
	var codes []string
	for _, r := range everything() {
		codes = append(codes, r.Code)
	}
	if names := similar(code, codes); len(names) > 0 {
		help = "did you mean " + alternatives(names) + "?"
	}
	return fmt.Errorf("unknown rule %q\n  help: %s", code, help)
}

// everything returns the rules, followed by the other codes of findings.
func everything() []*rule.Rule { return append(check.Rules(), check.OtherCodes()...) }

// list writes a line for each code, grouped by topic.
func list(w io.Writer) error {
	rules := everything()
	topics := check.Topics()
	widest := 0
	for _, r := range rules {
		widest = max(widest, len(r.Code))
		if !slices.Contains(topics, r.Topic) {
			topics = append(topics, r.Topic)
		}
	}
	slices.Sort(topics[len(check.Topics()):])
	var b strings.Builder
	for i, topic := range topics {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(topic + "\n")
		for _, r := range rules {
			if r.Topic == topic {
				fmt.Fprintf(&b, "  %-*s  %-7s  %s\n", widest, r.Code, r.Severity, r.Doc().Summary)
			}
		}
	}
	return printable.Fprintf(w, "%s", printable.Text(b.String()))
}

// explain writes the documentation of a rule.
func explain(w io.Writer, r *rule.Rule) error {
	var b strings.Builder
	doc := r.Doc()
	fmt.Fprintf(&b, "%s (%s): %s\n", r.Code, r.Severity, doc.Summary)
	if doc.Text == "" { // not a rule for YAML
		b.WriteString("\nTopic: " + r.Topic + ". See the help of the finding for what to do.\n")
		return printable.Fprintf(w, "%s", printable.Text(b.String()))
	}
	b.WriteString("\n" + doc.Text + "\n")
	for _, example := range []struct{ title, text string }{
		{"Reported" + under(r, doc), doc.Bad}, {"Not reported", doc.Good},
	} {
		b.WriteString("\n" + example.title + ":\n\n")
		for line := range strings.Lines(example.text) {
			if line != "\n" {
				b.WriteString("    ")
			}
			b.WriteString(line)
		}
	}
	return printable.Fprintf(w, "%s", printable.Text(b.String()))
}

// under says with which settings the bad example of a rule is reported.
func under(r *rule.Rule, doc rule.Doc) string {
	var with []string
	if doc.Profile != "" {
		with = append(with, "the profile "+doc.Profile)
	}
	if r.Persona != "" && r.Persona != rule.Regular {
		with = append(with, "--persona "+string(r.Persona))
	}
	if len(with) == 0 {
		return ""
	}
	return " with " + strings.Join(with, " and ")
}

// description is the JSON of a rule.
type description struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Persona  rule.Persona  `json:"persona"`
	Topic    string        `json:"topic"`
	Summary  string        `json:"summary"`
	Doc      string        `json:"doc"`
	Bad      string        `json:"bad"`
	Good     string        `json:"good"`
}

func described(rules ...*rule.Rule) []description {
	all := make([]description, len(rules))
	for i, r := range rules {
		doc := r.Doc()
		all[i] = description{r.Code, r.Severity, cmp.Or(r.Persona, rule.Regular), r.Topic, doc.Summary, doc.Text, doc.Bad, doc.Good}
	}
	return all
}

// completeOne completes the code of a rule.
func completeOne(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completions(""), cobra.ShellCompDirectiveNoFileComp
}

// completeList completes the last of several comma-separated codes.
func completeList(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	return completions(before), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completions returns the codes with their summaries, each after a prefix.
func completions(before string) []string {
	var all []string
	for _, r := range everything() {
		all = append(all, before+r.Code+"\t"+r.Doc().Summary)
	}
	return all
}
