package check

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Profile describes the cluster, the set of objects, and which rules apply.
type Profile = rule.Profile

// Run checks the objects as one set with all rules, including those of the profile,
// and returns the sorted findings. It does not modify the objects and does not
// panic. It is safe for concurrent use.
//
// Run ends early if there are more findings than [Profile.MaxFindings], or if the
// deadline of the context passes. It then returns what has been found, with a finding
// check-limit that says so. If ctx is canceled, Run returns no findings
// and the error of the context.
func Run(ctx context.Context, objects []object.Object, profile Profile) (diag.Findings, error) {
	return RunRules(ctx, objects, profile, Rules()...)
}

// RunRules is like [Run], but uses only the given rules, of this package or others,
// and those of the profile. A rule that is given twice is applied once.
func RunRules(ctx context.Context, objects []object.Object, profile Profile, only ...*rule.Rule) (diag.Findings, error) {
	if err := canceled(ctx); err != nil {
		return nil, err
	}
	return run(ctx, facts.New(objects), &profile, only)
}

// RunLoaded is like [Run], and returns the findings of reading the objects, too: those of
// manifest.Load or manifest.Parse that the profile wants, with its severities.
func RunLoaded(ctx context.Context, objects []object.Object, loaded diag.Findings, profile Profile) (diag.Findings, error) {
	if err := canceled(ctx); err != nil {
		return nil, err
	}
	set := facts.New(objects)
	found, err := run(ctx, set, &profile, Rules())
	if err != nil {
		return nil, err
	}
	if wanted := profile.FilterIn(set, loaded); len(wanted) > 0 {
		found = append(wanted, found...)
	}
	found.Sort()
	return found, nil
}

func run(ctx context.Context, set *facts.Set, profile *Profile, only []*rule.Rule) (diag.Findings, error) {
	set.ReadRemotes(func(file, value string) ([]byte, bool, error) { return readRemote(profile.OfFile(file), value) })
	entries := inScope(set, profile)
	byKind := map[string][]*facts.Entry{}
	for _, e := range entries {
		byKind[e.Ref.Kind] = append(byKind[e.Ref.Kind], e)
	}
	of := profilesOf(profile, entries)
	applied := slices.Concat(only, profile.Rules)
	codes := slices.Concat(codesOf(applied), codesOf(rules.All()))
	var found []rule.Found
	most := profile.FindingLimit()
	stopped := diag.Findings(nil)
	ignored := newIgnores(set, entries, of, codes)
	for i, r := range applied {
		if stopped = limit(ctx, len(found) > most, most, applied[i:]); stopped != nil {
			break
		}
		if !of.any(r) || slices.Contains(applied[:i], r) {
			continue
		}
		if ignored.apply(r); r.Run == nil {
			continue
		}
		some := func(kind string) bool { return len(byKind[kind]) > 0 }
		if r.Kinds != nil && !slices.ContainsFunc(r.Kinds, some) {
			continue
		}
		p := rule.NewPass(r, set, profile)
		p.Codes, p.ProfileOf = codes, of.of
		before := len(found)
		p.Stop = func() bool { return before+len(p.Found()) > most || ctx.Err() != nil }
		if r.Kinds == nil {
			look(p, entries, of)
		}
		for i, kind := range r.Kinds {
			if !slices.Contains(r.Kinds[:i], kind) {
				look(p, byKind[kind], of)
			}
		}
		found = append(found, of.wanted(r, p.Found())...)
	}
	if err := canceled(ctx); err != nil {
		return nil, err
	}
	if stopped == nil {
		stopped = limit(ctx, len(found) > most, most, nil)
	}
	known := repeated(entries)
	found = append(found[:min(len(found), most)], ignored.faulty()...)
	taken := newAccepted(profile.Accepted, codes, entries)
	settled := settle(found, applied, of, known, ignored, taken, profile.Suppressed)
	left := leftOut(set)
	if stopped == nil && left == nil {
		more := append(settle(ignored.unused(), applied, of, known, ignored, taken, profile.Suppressed), taken.faulty(profile, applied)...)
		if len(more) > 0 {
			settled = append(settled, more...)
			settled.Sort()
		}
	}
	if settled = append(append(settled, left...), stopped...); len(settled) == 0 {
		return nil, nil
	}
	return settled, nil
}

// readRemote reads a remote task or pipeline as the profile says; false if it says nothing.
func readRemote(p *Profile, value string) (text []byte, known bool, err error) {
	folder, name, ok := p.Remote(value)
	if !ok || p.ReadRemote == nil {
		return nil, false, nil
	}
	if crash := callsite.Catch(func() { text, err = p.ReadRemote(folder, name) }); crash != nil {
		return nil, false, nil
	}
	return text, true, err
}

// canceled returns the error of a context, unless its deadline has passed.
func canceled(ctx context.Context) error {
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// limit returns the finding that says why the check ends before the rest of the rules; nil
// if it goes on.
func limit(ctx context.Context, full bool, most int, rest []*rule.Rule) diag.Findings {
	f := diag.Finding{Code: "check-limit", Severity: diag.Error}
	switch {
	case full:
		f.Message = "there are more than " + strconv.Itoa(most) + " findings; the others are left out"
		f.Help = "fix or disable what is reported most, check fewer files at once, or raise the limit"
	case ctx.Err() != nil:
		f.Message = "the check stopped after its time limit"
		f.Help = "check fewer files at once, or raise the limit"
	default:
		return nil
	}
	switch {
	case len(rest) == 1:
		f.Message += "; rule " + strconv.Quote(rest[0].Code) + " was not applied"
	case len(rest) > 1:
		f.Message += "; " + strconv.Itoa(len(rest)) + " rules were not applied, from " + strconv.Quote(rest[0].Code) + " on"
	}
	return diag.Findings{f}
}

// leftOut returns a finding for each thing that rules have not checked, because it would
// take too long.
func leftOut(set *facts.Set) diag.Findings {
	var out diag.Findings
	for _, x := range set.LeftOut() {
		owner, path := x.Spot.Owner()
		out = append(out, diag.Finding{
			Code: "check-limit", Severity: diag.Error, Object: owner.Ref, Path: path, Position: owner.Find(path, x.Spot.Part),
			Message: x.Message, Help: x.Help,
		})
	}
	return out
}

func codesOf(list []*rule.Rule) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		if r != nil {
			out = append(out, r.Code)
		}
	}
	return out
}

// look applies a rule to the entries, one by one, until the check has to end.
func look(p *rule.Pass, entries []*facts.Entry, of *profiles) {
	for _, e := range entries {
		if p.Stopped() {
			return
		}
		p.Profile = of.of(e)
		lookAt(p, p.Rule, e)
	}
}

// lookAt applies a rule to one entry. It recovers and reports a panic of the rule.
func lookAt(p *rule.Pass, r *rule.Rule, e *facts.Entry) {
	defer func() {
		if cause := recover(); cause != nil {
			p.Rule, p.Entry = r, e
			p.Crashed(cause)
		}
	}()
	p.Rule, p.Entry = r, e
	r.Run(p)
}

// settle drops the findings that their objects, comments or the profile suppress, lets the makers of the
// objects adjust the rest, drops those that are superseded, and sets the severities
// of the profile. A finding that is dropped supersedes no other. No finding has a known value
// of a Secret. It overwrites the list of what the rules found, which may be long.
func settle(found []rule.Found, applied []*rule.Rule, of *profiles, known *values, ignored *ignores, taken *accepted, suppressed func(diag.Finding, string)) diag.Findings {
	seen := found[:0] // as the rules found them
	refined := make(diag.Findings, 0, len(found))
	finish := func(f diag.Finding, e *facts.Entry) diag.Finding {
		f.Severity = of.of(e).SeverityOf(f)
		f = known.masked(f, e)
		f.Message, f.Help = known.Hide(f.Message), known.Hide(f.Help)
		return f
	}
	for _, f := range found {
		if slices.Contains(of.of(f.Entry).Disabled, f.Code) {
			continue
		}
		reason := f.Entry.Reason(f.Code)
		finding, keep := f.Finding, true
		if reason == "" {
			if finding, keep = adjusted(f); keep {
				reason = cmp.Or(ignored.reason(finding), taken.reason(finding))
			}
		}
		switch {
		case reason != "":
			if suppressed != nil {
				suppressed(finish(finding, f.Entry), reason)
			}
		case keep:
			seen, refined = append(seen, f), append(refined, withTried(f, finding))
		}
	}
	follows := superseded(seen, applied)
	kept := refined[:0]
	for i, finding := range refined {
		if follows != nil && follows(&seen[i]) {
			continue
		}
		kept = append(kept, finish(finding, seen[i].Entry))
	}
	kept.Sort()
	return kept
}

// values are the values of the Secrets among the objects.
type values struct {
	secrets.Known                                // which other objects may repeat
	masks         map[*facts.Entry]*secrets.Mask // of the Secrets
}

// repeated returns the values of Secrets.
func repeated(entries []*facts.Entry) *values {
	known := &values{masks: map[*facts.Entry]*secrets.Mask{}}
	for _, e := range entries {
		if s, ok := e.Kube.(*corev1.Secret); ok {
			all := secrets.OfSecret(s.Data, s.StringData)
			known.AddValues(all)
			known.masks[e] = secrets.NewMask(all)
		}
	}
	return known
}

// masked returns the finding without the values of the Secret that it is about, and
// without the passwords in URLs.
func (v *values) masked(f diag.Finding, e *facts.Entry) diag.Finding {
	mask := v.masks[e]
	if mask == nil {
		f.Message, f.Help = secrets.Addresses(f.Message), secrets.Addresses(f.Help)
		return f
	}
	f.Message, f.Help = mask.Text(f.Message, false), mask.Text(f.Help, false)
	return f
}

// adjusted returns the finding as adjusted by the maker of its object, and reports
// whether to keep it. An Adjust that panics changes nothing.
func adjusted(f rule.Found) (finding diag.Finding, keep bool) {
	adjust := f.Entry.Root().Adjust
	if adjust == nil {
		return f.Finding, true
	}
	defer func() {
		if recover() != nil {
			finding, keep = f.Finding, true
		}
	}()
	return adjust(f.Finding)
}

// superseded returns a function that reports whether a finding is superseded by
// another one, or nil if no rule supersedes any. Rules that supersede each other are
// ignored, so that one finding is left.
func superseded(found []rule.Found, applied []*rule.Rule) func(*rule.Found) bool {
	supersedes := map[string][]string{}
	for _, r := range applied {
		if r != nil && len(r.Supersedes) > 0 {
			supersedes[r.Code] = append(supersedes[r.Code], r.Supersedes...)
		}
	}
	if len(supersedes) == 0 {
		return nil
	}
	over := map[string][]string{} // the codes that supersede a code
	for code, others := range supersedes {
		for _, other := range others {
			if !slices.Contains(over[other], code) && !leadsTo(supersedes, other, code, nil) {
				over[other] = append(over[other], code)
			}
		}
	}
	causes := map[cause]bool{}
	for i := range found {
		if f := &found[i]; supersedes[f.Code] != nil {
			causes[cause{f.Entry, f.Code, f.Path.String(), ""}] = true
			if f.Subject != "" {
				causes[cause{f.Entry, f.Code, "", f.Subject}] = true
			}
		}
	}
	return func(f *rule.Found) bool {
		return slices.ContainsFunc(over[f.Code], func(code string) bool {
			return causes[cause{f.Entry, code, f.Path.String(), ""}] || f.Subject != "" && causes[cause{f.Entry, code, "", f.Subject}]
		})
	}
}

// cause identifies findings that may supersede others: by the path, or by the subject.
type cause struct {
	entry         *facts.Entry
	code          string
	path, subject string
}

// leadsTo reports whether one code supersedes another, directly or indirectly.
func leadsTo(supersedes map[string][]string, from, to string, seen []string) bool {
	if from == to {
		return true
	}
	if slices.Contains(seen, from) {
		return false
	}
	seen = append(seen, from)
	return slices.ContainsFunc(supersedes[from], func(next string) bool { return leadsTo(supersedes, next, to, seen) })
}
