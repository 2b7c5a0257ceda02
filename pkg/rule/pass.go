package rule

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Entry is one object of the set, decoded into the struct of its kind. Its methods
// return the facts about the object.
type Entry = facts.Entry

// Set is the set of all objects. Its methods return facts about them together.
type Set = facts.Set

// Spot is a place inside an object.
type Spot = facts.Spot

// Pass gives a rule the object to check, and collects its findings. One Pass is
// used for all objects that a rule checks, one after the other.
type Pass struct {
	Rule    *Rule
	Entry   *Entry   // the object to check
	Set     *Set     // all objects, including Entry
	Profile *Profile // what is known about the cluster of Entry
	// Codes lists the codes of all known rules, those of the profile first.
	Codes []string

	// Stop reports whether the check must end, because of its context or because
	// of too many findings. It may be nil.
	Stop func() bool

	// ProfileOf returns the profile of an object. It may be nil if Profile is that of
	// all objects.
	ProfileOf func(*Entry) *Profile

	found []Found
	seen  map[repeat]int
}

// Found is a finding together with the object that it is in. For a finding in an
// object that a TriggerTemplate creates, Entry is that object, not the template.
type Found struct {
	diag.Finding
	Entry *Entry
}

// repeat identifies a mistake that is reported once.
type repeat struct {
	scope      any
	mistake    string
	suppressed bool
	profile    *Profile       // of the object, since others may not want the finding
	ignored    *object.Ignore // the comment that suppresses it
}

// maxRepeats is the maximum number of related places of one mistake.
const maxRepeats = 5

// NewPass returns a Pass for the rule. It is for programs that run rules
// themselves; they set Entry before each call of Run.
func NewPass(r *Rule, set *Set, profile *Profile) *Pass {
	return &Pass{Rule: r, Set: set, Profile: profile}
}

// Crashed adds a finding "internal" that says that the rule has panicked, with
// the recovered value as the cause.
//
// Crashed must be called by the deferred function that has recovered the value. The
// finding then has the position where the rule panicked.
func (p *Pass) Crashed(cause any) {
	if p == nil || p.Entry == nil {
		return
	}
	// The finding that followed a call of Again was never added.
	maps.DeleteFunc(p.seen, func(_ repeat, i int) bool { return i >= len(p.found) })
	owner, path := p.Entry.At().Owner()
	var at diag.Position
	func() {
		defer func() { _ = recover() }() // it may be Locate that panics
		at = owner.Find(path, "")
	}()
	f := diag.Finding{
		Code: "internal", Severity: diag.Warning, Object: owner.Ref, Path: path, Position: at,
		Message: fmt.Sprintf("rule %q panicked on this object: %v", p.rule().Code, cause), Help: "report this as a bug, and attach the object",
	}
	in, users := callsite.Caught(cause).Position()
	if users {
		f.Help = "correct the rule"
	}
	if in.IsValid() {
		f.Related = []diag.Related{{Message: "panicked here", Position: in}}
	}
	p.found = append(p.found, Found{f, p.Entry})
}

// Stopped reports whether the check must end. A rule that compares many things of
// one object with many others asks in between. What it adds later is dropped.
func (p *Pass) Stopped() bool { return p != nil && p.Stop != nil && p.Stop() }

// At returns the spot of a field of the object: p.At("metadata", "name").
func (p *Pass) At(fields ...string) Spot {
	if p == nil {
		return Spot{}
	}
	return p.Entry.At(fields...)
}

// Report adds a finding with the severity of the rule. The message is one sentence
// in lower case without a full stop. The help suggests what to do and may be empty.
func (p *Pass) Report(at Spot, message, help string) Reported {
	return p.Add(at, p.rule().Severity, "", message, help)
}

// Error adds a finding of severity error. The subject is the bare name at fault.
func (p *Pass) Error(at Spot, subject, message, help string, related ...diag.Related) Reported {
	return p.Add(at, diag.Error, subject, message, help, related...)
}

// Warning adds a finding of severity warning. The subject is the bare name at fault.
func (p *Pass) Warning(at Spot, subject, message, help string, related ...diag.Related) Reported {
	return p.Add(at, diag.Warning, subject, message, help, related...)
}

// Note adds a finding of severity note. The subject is the bare name at fault.
func (p *Pass) Note(at Spot, subject, message, help string, related ...diag.Related) Reported {
	return p.Add(at, diag.Note, subject, message, help, related...)
}

// Add adds a finding with the given severity. The subject is the bare name at
// fault. Add does nothing if at is not valid. It returns the finding, to which fixes can be
// added at once.
func (p *Pass) Add(at Spot, severity diag.Severity, subject, message, help string, related ...diag.Related) Reported {
	if p == nil || !at.IsValid() || len(p.found) > p.Profile.FindingLimit() {
		return Reported{}
	}
	if !severity.IsValid() {
		severity = diag.Error // so that no problem is lost
	}
	owner, path := at.Owner()
	p.found = append(p.found, Found{diag.Finding{
		Code: p.rule().Code, Severity: severity, Object: owner.Ref, Path: path, Excerpt: at.Part, Position: owner.Find(path, at.Part),
		Message: message, Help: help, Subject: subject, Related: slices.Clip(related),
	}, at.Entry})
	return Reported{p, at, len(p.found) - 1}
}

// Again reports whether the rule has already reported the mistake within the
// scope: a spec, an object, the set, or any other comparable value. If so, it adds
// at to that finding as a related place, unless the finding already has this place. If
// not, the next finding added is the one for the mistake. Objects and comments that
// suppress the rule are counted separately from what does not, and so are objects with
// another profile.
//
//	if p.Again(task, name, at) {
//		continue
//	}
//	p.Error(at, ...)
func (p *Pass) Again(scope any, mistake string, at Spot) bool {
	if p == nil {
		return false
	}
	key := repeat{scope: scope, mistake: mistake}
	if at.IsValid() {
		key.suppressed = at.Entry.Suppresses(p.rule().Code)
		if p.ProfileOf != nil {
			key.profile = p.ProfileOf(at.Entry)
		}
		if p.Set != nil && p.Set.HasIgnores() {
			owner, path := at.Owner()
			key.ignored = p.Set.Ignored(p.rule().Code, owner.Find(path, at.Part))
		}
	}
	i, ok := p.seen[key]
	if !ok {
		if p.seen == nil {
			p.seen = map[repeat]int{}
		}
		p.seen[key] = len(p.found)
		return false
	}
	if i >= len(p.found) || !at.IsValid() || len(p.found[i].Related) >= maxRepeats {
		return true
	}
	f, again := &p.found[i].Finding, at.Related("also here")
	same := func(o diag.ObjectRef, path diag.Path, excerpt string) bool {
		return o == again.Object && excerpt == again.Excerpt && path.Equal(again.Path)
	}
	if !same(f.Object, f.Path, f.Excerpt) &&
		!slices.ContainsFunc(f.Related, func(r diag.Related) bool { return r.Message == again.Message && same(r.Object, r.Path, r.Excerpt) }) {
		f.Related = append(f.Related, again)
	}
	return true
}

// Knows reports whether a rule with the code exists, or the profile configures
// one: another program that shares the profile may have that rule.
func (p *Pass) Knows(code string) bool {
	if p == nil {
		return false
	}
	profile := p.Profile.orZero()
	_, ok := profile.Severities[code]
	return ok || slices.Contains(profile.Disabled, code) || slices.Contains(p.Codes, code)
}

// Found returns the findings so far.
func (p *Pass) Found() []Found {
	if p == nil {
		return nil
	}
	return p.found
}

// rule returns the rule, or the zero Rule if it is not set.
func (p *Pass) rule() *Rule {
	if p == nil || p.Rule == nil {
		return &Rule{}
	}
	return p.Rule
}
