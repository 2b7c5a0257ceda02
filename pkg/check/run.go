package check

import (
	"context"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Profile says what is known of the cluster, and of the set of objects.
type Profile = rule.Profile

// Run applies every rule to the objects as one set, and returns what they
// found, sorted. It changes none of the objects, panics on none, and may be
// called concurrently. The error is that of the context; nothing is found then.
func Run(ctx context.Context, objects []object.Object, profile Profile) (diag.Findings, error) {
	return Apply(ctx, objects, profile, Rules()...)
}

// Apply is [Run] with some rules only, which may be of this package or others.
// Those of the profile are applied as well.
func Apply(ctx context.Context, objects []object.Object, profile Profile, only ...*rule.Rule) (diag.Findings, error) {
	set := facts.New(objects)
	entries := set.All()
	byKind := map[string][]*facts.Entry{}
	for _, e := range entries {
		byKind[e.Ref.Kind] = append(byKind[e.Ref.Kind], e)
	}
	applied := slices.Concat(only, profile.Rules)
	codes := slices.Concat(codesOf(profile.Rules), codesOf(rules.All()))
	var found []rule.Found
	for _, r := range applied {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r == nil || r.Run == nil || slices.Contains(profile.Disabled, r.Code) || r.Kinds != nil && !slices.ContainsFunc(r.Kinds, func(kind string) bool { return len(byKind[kind]) > 0 }) {
			continue
		}
		p := rule.NewPass(r, set, &profile)
		p.Codes = codes
		if r.Kinds == nil {
			look(ctx, p, entries)
		}
		for i, kind := range r.Kinds {
			if !slices.Contains(r.Kinds[:i], kind) {
				look(ctx, p, byKind[kind])
			}
		}
		found = append(found, p.Found()...)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return settle(supersede(found, applied), &profile), nil
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

// look has a rule look at objects, one by one, until the context ends.
func look(ctx context.Context, p *rule.Pass, entries []*facts.Entry) {
	for _, e := range entries {
		if ctx.Err() != nil {
			return
		}
		lookAt(p, e)
	}
}

// lookAt has a rule look at one object. One that panics is reported, and takes
// nothing else along.
func lookAt(p *rule.Pass, e *facts.Entry) {
	defer func() {
		if cause := recover(); cause != nil {
			p.Crashed(cause)
		}
	}()
	p.Entry = e
	p.Rule.Run(p)
}

// supersede drops the findings that follow from others.
func supersede(found []rule.Found, applied []*rule.Rule) []rule.Found {
	supersedes := map[string][]string{}
	for _, r := range applied {
		if r != nil && len(r.Supersedes) > 0 {
			supersedes[r.Code] = r.Supersedes
		}
	}
	causes := map[*facts.Entry][]*rule.Found{}
	for i := range found {
		if f := &found[i]; supersedes[f.Code] != nil {
			causes[f.Entry] = append(causes[f.Entry], f)
		}
	}
	if len(causes) == 0 {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(f rule.Found) bool {
		return slices.ContainsFunc(causes[f.Entry], func(cause *rule.Found) bool {
			return slices.Contains(supersedes[cause.Code], f.Code) && (cause.Path.Equal(f.Path) || cause.Subject != "" && cause.Subject == f.Subject)
		})
	})
}

// settle drops the findings that their objects suppress, lets the makers of the
// objects refine the others, and gives them the severities that the profile asks
// for.
func settle(found []rule.Found, profile *Profile) diag.Findings {
	suppressed := map[*facts.Entry]map[string]bool{}
	var kept diag.Findings
	for _, f := range found {
		drop := false
		for e := f.Entry; e != nil && !drop; e = e.Within {
			codes, ok := suppressed[e]
			if !ok {
				codes = suppressedBy(e, profile)
				suppressed[e] = codes
			}
			drop = codes[f.Code]
		}
		if drop {
			continue
		}
		finding := f.Finding
		if adjust := f.Entry.Root().Adjust; adjust != nil {
			var keep bool
			if finding, keep = adjust(finding); !keep {
				continue
			}
		}
		finding.Severity = profile.SeverityOf(finding)
		kept = append(kept, finding)
	}
	kept.Sort()
	return kept
}

// suppressedBy are the codes that an object suppresses for itself.
func suppressedBy(e *facts.Entry, profile *Profile) map[string]bool {
	var out map[string]bool
	for name, reason := range e.Annotations() {
		if code, ok := strings.CutPrefix(name, rule.SuppressPrefix); ok && strings.TrimSpace(reason) != "" && knows(profile, code) {
			if out == nil {
				out = map[string]bool{}
			}
			out[code] = true
		}
	}
	return out
}
