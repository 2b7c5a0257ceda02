package fix

import (
	"errors"
	"maps"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"
)

const (
	// rounds is how often fixes are applied that overlapped others before.
	rounds = 30
	// attempts is how often the texts are checked at most.
	attempts = 100
)

// Check checks texts by the names of their files, and returns all findings.
type Check func(texts map[string]string) (diag.Findings, error)

// Options are the options of [Run].
type Options struct {
	// Unsafe also applies fixes that may change the meaning of something else.
	Unsafe bool
	// Wanted reports whether to fix the finding with that index. If it is nil, all are fixed.
	Wanted func(i int) bool
	// Writable reports whether a file can be changed. If it is nil, all can.
	Writable func(file string) bool
}

// Result is the result of [Run].
type Result struct {
	Texts    map[string]string // of the changed files
	Findings diag.Findings     // what the last check has found
	Origin   []int             // of each of these, the index of the earlier finding; -1 if it is new
	Fixed    int               // the number of resolved findings
	// Rejected has a finding with the code internal for each fix that was not applied, since
	// it did not do what it should: it resolves nothing, or it is safe and brings another
	// finding.
	Rejected diag.Findings
	// Wrong are the unsafe fixes that were not applied since they bring another finding: not
	// every guess is right. Each has the message that says so.
	Wrong diag.Findings
}

// ErrIncomplete is the error if a limit ends the check, so that nothing is known about the fixes.
var ErrIncomplete = errors.New("not everything was checked")

// candidate is a fix that is to be applied.
type candidate struct {
	finding int
	fix     diag.Fix
}

// runner applies fixes round by round.
type runner struct {
	Options
	check    Check
	texts    map[string]string
	findings diag.Findings
	origin   []int    // of each finding
	wanted   []bool   // of each finding
	why      []reason // of each finding, if its fix has been rejected
	left     int      // how many checks may follow
	fixed    int
}

// reason is why a fix was rejected.
type reason struct {
	fix, because string
	guess        bool // a wrong guess
}

// Run applies the fixes of findings to the texts in which they are, and checks the
// result before it counts. A fix that does not resolve its finding, or brings another one,
// is not applied.
func Run(findings diag.Findings, texts map[string]string, o Options, check Check) (Result, error) {
	if incomplete(findings) {
		return Result{}, ErrIncomplete
	}
	r := runner{Options: o, check: check, texts: maps.Clone(texts), findings: findings, left: attempts,
		origin: make([]int, len(findings)), wanted: make([]bool, len(findings)), why: make([]reason, len(findings))}
	for i := range findings {
		r.origin[i], r.wanted[i] = i, o.Wanted == nil || o.Wanted(i)
	}
	for range rounds {
		now, _ := apart(r.candidates())
		if len(now) == 0 {
			break
		}
		if err := r.try(now); err != nil {
			return Result{}, err
		}
	}
	out := Result{Texts: map[string]string{}, Findings: r.findings, Origin: r.origin, Fixed: r.fixed}
	for file, text := range r.texts {
		if text != texts[file] {
			out.Texts[file] = text
		}
	}
	for i, w := range r.why {
		switch {
		case w.because == "":
		case w.guess:
			f := r.findings[i]
			f.Message = "the fix for " + f.Code + " (" + w.fix + ") is not applied: " + w.because
			out.Wrong = append(out.Wrong, f)
		default:
			out.Rejected = append(out.Rejected, r.rejected(i, w))
		}
	}
	return out, nil
}

// incomplete reports whether a limit has ended the check. One that is about an object has
// only left out a part of a rule, and does so again.
func incomplete(findings diag.Findings) bool {
	return slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Code == "check-limit" && f.Object.Kind == "" })
}

// candidates returns a fix for each finding that is to be fixed and has one. Equal ones are
// the same.
func (r *runner) candidates() []candidate {
	var all []candidate
	for i := range r.findings {
		if !r.wanted[i] {
			continue
		}
		if f, ok := Best(r.findings[i], r.Unsafe); ok && r.writable(f) {
			all = append(all, candidate{i, f})
		}
	}
	return all
}

// Best returns the fix of a finding to apply; false if it has none.
func Best(f diag.Finding, unsafe bool) (diag.Fix, bool) {
	for _, x := range f.Fixes {
		if len(x.Edits) > 0 && (x.Safe || unsafe) {
			return x, true
		}
	}
	return diag.Fix{}, false
}

// writable reports whether all files of a fix are known and can be changed.
func (r *runner) writable(f diag.Fix) bool {
	for _, e := range f.Edits {
		if _, ok := r.texts[e.File]; !ok || r.Writable != nil && !r.Writable(e.File) {
			return false
		}
	}
	return true
}

// outcome is what the texts are with some fixes.
type outcome struct {
	texts    map[string]string
	findings diag.Findings
	matching
}

// try applies fixes that do not overlap. If they do not all do what they should, it finds
// those that do.
func (r *runner) try(fixes []candidate) error {
	var (
		good     *outcome
		accepted []candidate
		rejected = map[int]reason{}
		solve    func(some []candidate) error
	)
	solve = func(some []candidate) error {
		if r.left <= 0 {
			for _, c := range some {
				rejected[c.finding] = reason{c.fix.Message, "too many other fixes are wrong", true}
			}
			return nil
		}
		r.left--
		out, because, resolves, err := r.attempt(slices.Concat(accepted, some))
		switch {
		case err != nil:
			return err
		case because == "":
			good, accepted = out, append(accepted, some...)
			return nil
		case len(some) == 1:
			if len(accepted) > 0 && r.left > 0 { // the others may have made it wrong
				r.left--
				_, alone, yes, err := r.attempt(some)
				if err != nil || alone == "" {
					return err // it has another round
				}
				because, resolves = alone, yes
			}
			rejected[some[0].finding] = reason{some[0].fix.Message, because, resolves && !some[0].fix.Safe}
			return nil
		}
		half := len(some) / 2
		if err := solve(some[:half]); err != nil {
			return err
		}
		return solve(some[half:])
	}
	if err := solve(fixes); err != nil {
		return err
	}
	for i, w := range rejected {
		r.why[i], r.wanted[i] = w, false
	}
	if good != nil {
		r.fixed += len(accepted)
		r.take(good)
	}
	return nil
}

// attempt applies fixes, and checks the result. If it is not good, it returns why, and
// whether the fixes resolve their findings at least.
func (r *runner) attempt(fixes []candidate) (out *outcome, because string, resolves bool, err error) {
	edits := byFile(fixes)
	out = &outcome{texts: maps.Clone(r.texts)}
	for file, list := range edits {
		text, err := Apply(out.texts[file], list)
		if err != nil {
			return nil, err.Error(), false, nil
		}
		out.texts[file] = text
	}
	if out.findings, err = r.check(out.texts); err != nil {
		return nil, "", false, err
	}
	if incomplete(out.findings) {
		return nil, "", false, ErrIncomplete
	}
	out.matching = match(r.findings, out.findings, r.texts, out.texts, edits)
	for _, c := range fixes {
		if out.stays[c.finding] {
			return nil, "it does not resolve the finding", false, nil
		}
	}
	for j, was := range out.was {
		if f := out.findings[j]; was < 0 && f.Code != "suppression-unused" { // what it suppressed may be gone
			return nil, "it brings another finding, " + f.Severity.String() + " " + f.Code + ": " + f.Message, true, nil
		}
	}
	return out, "", true, nil
}

// take goes on with an outcome.
func (r *runner) take(out *outcome) {
	origin, wanted, why := make([]int, len(out.was)), make([]bool, len(out.was)), make([]reason, len(out.was))
	for j, was := range out.was {
		if origin[j] = -1; was >= 0 {
			origin[j], wanted[j], why[j] = r.origin[was], r.wanted[was], r.why[was]
		}
	}
	r.texts, r.findings, r.origin, r.wanted, r.why = out.texts, out.findings, origin, wanted, why
}

// rejected returns the finding for a fix that was not applied.
func (r *runner) rejected(i int, w reason) diag.Finding {
	f := r.findings[i]
	return diag.Finding{
		Code: "internal", Severity: diag.Error, Object: f.Object, Path: f.Path, Excerpt: f.Excerpt, Position: f.Position, Subject: f.Subject,
		Message: "the fix for " + f.Code + " (" + w.fix + ") is not applied: " + w.because,
		Help:    "report this as a bug, and attach the file",
	}
}
