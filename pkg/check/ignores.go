package check

import (
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// ignores are the comments that suppress rules, in one check.
type ignores struct {
	set     *facts.Set
	entries []*facts.Entry
	of      *profiles
	codes   []string                // of all rules
	applied map[string]*rule.Rule   // the rules that have looked at all objects
	used    map[*object.Ignore]bool // comments that have suppressed something
}

// newIgnores returns the comments of the entries, nil if there are none.
func newIgnores(set *facts.Set, entries []*facts.Entry, of *profiles, codes []string) *ignores {
	x := &ignores{set: set, of: of, codes: codes, applied: map[string]*rule.Rule{}, used: map[*object.Ignore]bool{}}
	seen := map[*object.Ignore]bool{} // several objects may come from the same text
	for _, e := range entries {
		if len(e.Ignores) > 0 && !seen[&e.Ignores[0]] {
			seen[&e.Ignores[0]] = true
			x.entries = append(x.entries, e)
		}
	}
	if x.entries == nil {
		return nil
	}
	return x
}

// apply records that a rule looks at all objects whose profiles want it.
func (x *ignores) apply(r *rule.Rule) {
	if x != nil {
		x.applied[r.Code] = r
	}
}

// reason returns the reason of the comment that suppresses a finding, "" if there is none.
func (x *ignores) reason(f diag.Finding) string {
	if x == nil {
		return ""
	}
	by := x.set.Ignored(f.Code, f.Position)
	if by == nil {
		return ""
	}
	x.used[by] = true
	return by.Reason
}

// faulty returns the findings about comments that cannot suppress anything.
func (x *ignores) faulty() []rule.Found {
	if x == nil {
		return nil
	}
	var found []rule.Found
	for _, e := range x.entries {
		pass := rule.NewPass(nil, x.set, x.of.of(e))
		pass.Codes = x.codes
		for i := range e.Ignores {
			switch one := &e.Ignores[i]; {
			case one.Code == "":
				found = x.add(found, e, one, "suppression-unknown", "the comment has no code of a rule, so it suppresses nothing",
					"write # tekwright: ignore CODE -- REASON")
			case !pass.Knows(one.Code):
				found = x.add(found, e, one, "suppression-unknown", "the comment names "+phrase.Quote(one.Code)+", which is not a rule, so it suppresses nothing",
					phrase.Suggest(one.Code, x.codes, `run "tekwright rules" to list all rules`))
			case one.Reason == "":
				found = x.add(found, e, one, "suppression-reason", "the comment for "+phrase.Quote(one.Code)+" has no reason, so it suppresses nothing",
					"write the reason after two dashes: -- REASON")
			}
		}
	}
	return found
}

// unused returns the findings about comments that have suppressed nothing, although the
// rule applies.
func (x *ignores) unused() []rule.Found {
	if x == nil {
		return nil
	}
	var found []rule.Found
	for _, e := range x.entries {
		for i := range e.Ignores {
			one := &e.Ignores[i]
			if r := x.applied[one.Code]; r != nil && x.of.of(e).Applies(r) && one.Reason != "" && !x.used[one] && !one.Read && !strings.HasPrefix(one.Code, "suppression-") {
				found = x.add(found, e, one, "suppression-unused", "the comment suppresses nothing: "+phrase.Quote(one.Code)+" reports nothing here",
					"remove the code, or move the comment to the line of the finding or directly above it")
			}
		}
	}
	return found
}

// add adds a finding about a comment, if the rule with the code applies.
func (x *ignores) add(found []rule.Found, e *facts.Entry, one *object.Ignore, code, message, help string) []rule.Found {
	r := x.applied[code]
	if r == nil || !x.of.of(e).Applies(r) {
		return found
	}
	return append(found, rule.Found{Entry: e, Finding: diag.Finding{
		Code: code, Severity: r.Severity, Object: e.Ref, Excerpt: one.Code, Position: one.Position, Message: message, Help: help, Subject: one.Code,
	}})
}
