package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Accepted is a known finding that is not reported. It is listed in a [Profile].
type Accepted = rule.Accepted

// accepted are the known findings of a profile, in one check.
type accepted struct {
	list  []Accepted
	used  []bool
	codes []string // of all rules
}

func newAccepted(list []Accepted, codes []string) *accepted {
	return &accepted{list: list, used: make([]bool, len(list)), codes: codes}
}

// reason returns why a finding is accepted, "" if it is not.
func (x *accepted) reason(f diag.Finding) string {
	reason := ""
	for i := range x.list {
		if a := &x.list[i]; a.Reason != "" && a.Matches(f) {
			x.used[i] = true
			if reason == "" {
				reason = a.Reason
			}
		}
	}
	return reason
}

// faulty returns the findings about entries that accept nothing. The rules that have looked
// at all objects are applied.
func (x *accepted) faulty(profile *Profile, applied []*rule.Rule) diag.Findings {
	var out diag.Findings
	report := func(a *Accepted, code, message, help string) {
		i := slices.IndexFunc(applied, func(r *rule.Rule) bool { return r != nil && r.Code == code })
		if i < 0 || !profile.Applies(applied[i]) {
			return
		}
		f := diag.Finding{Code: code, Severity: applied[i].Severity, Object: a.Object, Message: message, Help: help, Subject: a.Code}
		f.Severity = profile.SeverityOf(f)
		out = append(out, f)
	}
	for i := range x.list {
		a := &x.list[i]
		what := "the accepted finding " + phrase.Quote(a.Code) + " of " + a.Object.String()
		if a.Path != "" {
			what += " at " + a.Path
		}
		of := slices.IndexFunc(applied, func(r *rule.Rule) bool { return r != nil && r.Code == a.Code })
		switch {
		case !slices.Contains(x.codes, a.Code):
			report(a, "suppression-unknown", what+" names no rule, so it accepts nothing",
				phrase.Suggest(a.Code, x.codes, `run "tekwright rules" to list all rules`))
		case a.Reason == "":
			report(a, "suppression-reason", what+" has no reason, so it accepts nothing", "set Reason")
		case !x.used[i] && of >= 0 && profile.Applies(applied[of]):
			report(a, "suppression-unused", what+" does not exist, so it accepts nothing", "remove it from the accepted findings")
		}
	}
	return out
}
