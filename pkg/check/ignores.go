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
	set      *facts.Set
	comments []comment
	of       *profiles
	codes    []string              // of all rules
	applied  map[string]*rule.Rule // the rules that have looked at all objects
	used     map[written]bool      // comments that have suppressed something
}

// comment is a comment of an object.
type comment struct {
	*object.Ignore
	entry *facts.Entry
}

// written is where a code of a comment is. Several objects may come from the same text.
type written struct {
	code string
	at   diag.Position
}

func writtenAt(one *object.Ignore) written { return written{one.Code, one.Position} }

// newIgnores returns the comments of the entries, nil if there are none.
func newIgnores(set *facts.Set, entries []*facts.Entry, of *profiles, codes []string) *ignores {
	x := &ignores{set: set, of: of, codes: codes, applied: map[string]*rule.Rule{}, used: map[written]bool{}}
	seen := map[written]bool{}
	for _, e := range entries {
		for i := range e.Ignores {
			if at := writtenAt(&e.Ignores[i]); !seen[at] {
				seen[at] = true
				x.comments = append(x.comments, comment{&e.Ignores[i], e})
			}
		}
	}
	if x.comments == nil {
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
	x.used[writtenAt(by)] = true
	return by.Reason
}

// faulty returns the findings about comments that cannot suppress anything.
func (x *ignores) faulty() []rule.Found {
	if x == nil {
		return nil
	}
	var found []rule.Found
	for _, one := range x.comments {
		pass := rule.NewPass(nil, x.set, x.of.of(one.entry))
		pass.Codes = x.codes
		switch {
		case one.Code == "":
			found = x.add(found, one, "suppression-unknown", "the comment has no code of a rule, so it suppresses nothing",
				"write # tekwright: ignore CODE -- REASON")
		case !pass.Knows(one.Code):
			found = x.add(found, one, "suppression-unknown", "the comment names "+phrase.Quote(one.Code)+", which is not a rule, so it suppresses nothing",
				phrase.Suggest(one.Code, x.codes, `run "tekwright rules" to list all rules`))
		case one.Reason == "":
			found = x.add(found, one, "suppression-reason", "the comment for "+phrase.Quote(one.Code)+" has no reason, so it suppresses nothing",
				"write the reason after two dashes: -- REASON")
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
	for _, one := range x.comments {
		if r := x.applied[one.Code]; r != nil && x.of.of(one.entry).Applies(r) && one.Reason != "" && !x.used[writtenAt(one.Ignore)] && !one.Read && !strings.HasPrefix(one.Code, "suppression-") {
			found = x.add(found, one, "suppression-unused", "the comment suppresses nothing: "+phrase.Quote(one.Code)+" reports nothing here",
				"remove the code, or move the comment to the line of the finding or directly above it")
		}
	}
	return found
}

// add adds a finding about a comment, if the rule with the code applies.
func (x *ignores) add(found []rule.Found, one comment, code, message, help string) []rule.Found {
	r := x.applied[code]
	if r == nil || !x.of.of(one.entry).Applies(r) {
		return found
	}
	return append(found, rule.Found{Entry: one.entry, Finding: diag.Finding{
		Code: code, Severity: r.Severity, Object: one.entry.Ref, Excerpt: one.Code, Position: one.Position, Message: message, Help: help, Subject: one.Code,
	}})
}
