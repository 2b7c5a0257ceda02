package rule

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Entry is one object of the set, read as the struct of its kind. It leads to the
// facts about the object.
type Entry = facts.Entry

// Set is all objects, and leads to the facts about them together.
type Set = facts.Set

// Spot is a place inside an object.
type Spot = facts.Spot

// Pass is a look of one rule at one object. It is the same for all objects of a
// run of the rule, one after the other.
type Pass struct {
	Rule    *Rule
	Entry   *Entry   // the object to look at
	Set     *Set     // all objects, that one included
	Profile *Profile // what is known of the cluster
	// Codes are the codes of all rules that there are, those of the profile first.
	Codes []string

	found []Found
	seen  map[repeat]int
}

// Found is a finding, and the object that it is in: one that a template creates
// where it is in such a one.
type Found struct {
	diag.Finding
	Entry *Entry
}

// repeat is a mistake that is reported once.
type repeat struct {
	scope      any
	mistake    string
	suppressed bool
}

// maxRepeats bounds the further places of a mistake.
const maxRepeats = 5

// NewPass makes the Pass of a run of a rule. It is for what runs rules, which sets
// Entry before each call of Run.
func NewPass(r *Rule, set *Set, profile *Profile) *Pass {
	return &Pass{Rule: r, Set: set, Profile: profile}
}

// Crashed reports that the rule has panicked, so that a fault of its own is
// neither hidden nor fatal.
func (p *Pass) Crashed(cause any) {
	// What Again has announced will not be reported.
	maps.DeleteFunc(p.seen, func(_ repeat, i int) bool { return i >= len(p.found) })
	owner, path := p.Entry.At().Owner()
	var at diag.Position
	func() {
		defer func() { _ = recover() }() // it may be Locate that panics
		at = owner.Find(path, "")
	}()
	p.found = append(p.found, Found{diag.Finding{
		Code: "internal", Severity: diag.Warning, Object: owner.Ref, Path: path, Position: at,
		Message: fmt.Sprintf("rule %q could not read this object: %v", p.Rule.Code, cause), Help: "please report this with the object",
	}, p.Entry})
}

// At returns a spot of the object: p.At("metadata", "name").
func (p *Pass) At(fields ...string) Spot { return p.Entry.At(fields...) }

// Report adds a finding with the severity of the rule: where it is, one sentence
// in lower case without a full stop, and what to do, which may be empty.
func (p *Pass) Report(at Spot, message, help string) {
	p.Add(at, p.Rule.Severity, "", message, help)
}

// Error adds a finding of severity error; subject is the bare name at fault.
func (p *Pass) Error(at Spot, subject, message, help string, related ...diag.Related) {
	p.Add(at, diag.Error, subject, message, help, related...)
}

// Warning adds a finding of severity warning; subject is the bare name at fault.
func (p *Pass) Warning(at Spot, subject, message, help string, related ...diag.Related) {
	p.Add(at, diag.Warning, subject, message, help, related...)
}

// Note adds a finding of severity note; subject is the bare name at fault.
func (p *Pass) Note(at Spot, subject, message, help string, related ...diag.Related) {
	p.Add(at, diag.Note, subject, message, help, related...)
}

// Add adds a finding of that severity; subject is the bare name at fault. It is
// dropped if at is nowhere.
func (p *Pass) Add(at Spot, severity diag.Severity, subject, message, help string, related ...diag.Related) {
	if !at.IsValid() {
		return
	}
	if !severity.IsValid() {
		severity = diag.Error // so that no problem is lost
	}
	owner, path := at.Owner()
	p.found = append(p.found, Found{diag.Finding{
		Code: p.Rule.Code, Severity: severity, Object: owner.Ref, Path: path, Excerpt: at.Part, Position: owner.Find(path, at.Part),
		Message: message, Help: help, Subject: subject, Related: slices.Clip(related),
	}, at.Entry})
}

// Again reports whether the rule has reported the mistake before within the scope
// (a spec, an object, or the set: any value that can be compared), and then adds at to that finding
// as a further place. If it reports false, the next finding is taken for the one
// of the mistake. A place in an object that suppresses the rule is no further place of
// one that does not, and the other way round.
//
//	if p.Again(task, name, at) {
//		continue
//	}
//	p.Error(at, ...)
func (p *Pass) Again(scope any, mistake string, at Spot) bool {
	key := repeat{scope, mistake, at.IsValid() && at.Entry.Suppresses(p.Rule.Code)}
	i, ok := p.seen[key]
	if !ok {
		if p.seen == nil {
			p.seen = map[repeat]int{}
		}
		p.seen[key] = len(p.found)
		return false
	}
	if i < len(p.found) && len(p.found[i].Related) < maxRepeats {
		p.found[i].Related = append(p.found[i].Related, at.Related("also here"))
	}
	return true
}

// Knows reports whether there is a rule of that code, or the profile has a setting
// for one: other programs that share it may have the rule.
func (p *Pass) Knows(code string) bool {
	_, ok := p.Profile.Severities[code]
	return ok || slices.Contains(p.Profile.Disabled, code) || slices.Contains(p.Codes, code)
}

// Found returns what the rule has found so far.
func (p *Pass) Found() []Found { return p.found }
