package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// rules is the command that explains the rules.
func (a *app) rules() *cobra.Command {
	format := choice{value: "text", allowed: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "rules [CODE]",
		Short: "List the rules, or explain one",
		Long: `Rules lists what is looked for, by topic: the code, the severity, a sentence. With a
code it says what happens in a cluster and what to do, with an example of what
is reported and of what is not.

The last topics are codes that are no rules for YAML: what builders report of
the Go that they are given, and what writing and reading do.`,
		Example: `  tekwright rules
  tekwright rules param-missing
  tekwright rules -o json`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeOne,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				if format.value == "json" {
					return writeJSON(a.Out, described(everything()...))
				}
				return list(a.Out)
			}
			r, ok := check.LookupRule(args[0])
			if !ok {
				r, ok = check.LookupOther(args[0])
			}
			switch {
			case !ok:
				return unknownRule(args[0])
			case format.value == "json":
				return writeJSON(a.Out, described(r)[0])
			}
			return explain(a.Out, r)
		},
	}
	format.flag(cmd, "output", "o", "`format`: "+alternatives(format.allowed))
	return cmd
}

// unknownRule says which rule was meant.
func unknownRule(code string) error {
	help := "tekwright rules lists them"
	var codes []string
	for _, r := range everything() {
		codes = append(codes, r.Code)
	}
	if names := near(code, codes); len(names) > 0 {
		help = "did you mean " + alternatives(names) + "?"
	}
	return fmt.Errorf("there is no rule %q\n  help: %s", code, help)
}

// everything is the rules, and then the other codes that findings have.
func everything() []*rule.Rule { return append(check.Rules(), check.OtherFindings()...) }

// list writes a line for each code, below its topic.
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
	_, err := io.WriteString(w, b.String())
	return err
}

// explain writes all that there is to say of a rule.
func explain(w io.Writer, r *rule.Rule) error {
	var b strings.Builder
	doc := r.Doc()
	fmt.Fprintf(&b, "%s (%s): %s\n", r.Code, r.Severity, doc.Summary)
	if doc.Text == "" { // no rule for YAML
		b.WriteString("\nTopic: " + r.Topic + ". The finding itself says what to do.\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	b.WriteString("\n" + doc.Text + "\n")
	for _, example := range []struct{ title, text string }{
		{"This is reported", doc.Bad}, {"This is not", doc.Good},
	} {
		b.WriteString("\n" + example.title + ":\n\n")
		for line := range strings.Lines(example.text) {
			if line != "\n" {
				b.WriteString("    ")
			}
			b.WriteString(line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// description is a rule as programs read it.
type description struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
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
		all[i] = description{r.Code, r.Severity, r.Topic, doc.Summary, doc.Text, doc.Bad, doc.Good}
	}
	return all
}

// writeJSON writes JSON that people can read too.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// completeOne completes the code of a rule.
func completeOne(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completions(""), cobra.ShellCompDirectiveNoFileComp
}

// completeList completes the last of codes with commas between them.
func completeList(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	return completions(before), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completions are the codes with what they mean, after a text.
func completions(before string) []string {
	var all []string
	for _, r := range everything() {
		all = append(all, before+r.Code+"\t"+r.Doc().Summary)
	}
	return all
}
