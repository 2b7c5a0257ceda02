package trust

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed untrusted-code.md
var untrustedCodeText string

// untrustedCode reports runs of strangers' events that give credentials to tasks with
// the stranger's files.
var untrustedCode = &rule.Rule{
	Code:     "untrusted-code",
	Severity: diag.Warning,
	Topic:    "trust",
	Text:     untrustedCodeText,
	Kinds:    []string{"Trigger", "EventListener"},
	Needs:    []rule.Fact{rule.Events, rule.Objects, rule.RBAC, rule.Results, rule.Scripts, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			strangers := slices.DeleteFunc(slices.Clone(t.Strangers()), func(s facts.Stranger) bool { return !s.Commits })
			if len(strangers) == 0 {
				continue
			}
			for _, x := range t.Exposures(p.Profile.DefaultServiceAccount) {
				i := slices.IndexFunc(strangers, func(s facts.Stranger) bool { return s.Causes(&x.Value) })
				exposed(p, t, strangers[max(i, 0)], &x)
			}
		}
	},
}

// exposed reports the credentials that the code of a stranger reaches in a run.
func exposed(p *rule.Pass, t *facts.Trigger, stranger facts.Stranger, x *facts.Exposure) {
	related := []diag.Related{x.Value.Spot.Related("the run gets " + x.Value.What)}
	if x.Resolved.IsValid() {
		related = append(related, x.Resolved.Related("its "+x.Kind+" is read from there"))
	} else {
		related = append(related, x.Checkout.Related(x.Label+" checks it out"))
	}
	names := make([]string, len(x.Reached))
	for i, r := range x.Reached {
		names[i] = r.What
		if r.Label == "" {
			related = append(related, r.Spot.Related("the "+x.Kind+" gets "+r.What))
		} else if x.Resolved.IsValid() {
			related = append(related, r.Spot.Related(r.Label+" gets "+r.What))
		} else {
			related = append(related, r.Spot.Related(r.Label+" has the files, and gets "+r.What))
		}
	}
	help := "stop strangers with a CEL filter such as " + phrase.Quote(gate(stranger)) +
		", or give no credentials to the tasks that get the files; if only trusted people can read the repository, filter by body.repository.private"
	if stranger.Marked {
		help = "start the run only when the label is added, with " + phrase.Quote(labeled(stranger)) +
			" in the CEL filter, because it stays when there are new commits; or give no credentials to the tasks that get the files"
	}
	p.Warning(interceptors(t), names[0], t.Label+" runs the code of "+stranger.Does+" with access to "+sentence(names), help, related...)
}
