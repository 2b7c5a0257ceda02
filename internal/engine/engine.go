// Package engine runs rules over objects.
package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Run applies rules to the objects as one set, and returns what they found,
// sorted. The error is that of the context.
func Run(ctx context.Context, objects []object.Object, profile *rule.Profile, rules []*rule.Rule) (diag.Findings, error) {
	set := facts.New(objects)
	entries := set.All()
	byKind := map[string][]*facts.Entry{}
	for _, e := range entries {
		byKind[e.Ref.Kind] = append(byKind[e.Ref.Kind], e)
	}
	var codes []string
	for _, r := range slices.Concat(profile.Rules, rules) {
		codes = append(codes, r.Code)
	}
	var found []rule.Found
	for _, r := range slices.Concat(rules, profile.Rules) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r.Run == nil || slices.Contains(profile.Disabled, r.Code) {
			continue
		}
		p := rule.NewPass(r, set, profile)
		p.Codes = codes
		if r.Kinds == nil {
			apply(p, entries)
		}
		for i, kind := range r.Kinds {
			if !slices.Contains(r.Kinds[:i], kind) {
				apply(p, byKind[kind])
			}
		}
		found = append(found, p.Found()...)
	}
	found = supersede(found, rules)
	return settle(found, profile), nil
}

// apply runs a rule on objects, one by one. A rule that panics is reported, and
// takes nothing else along.
func apply(p *rule.Pass, entries []*facts.Entry) {
	for _, e := range entries {
		one(p, e)
	}
}

func one(p *rule.Pass, e *facts.Entry) {
	defer func() {
		if cause := recover(); cause != nil {
			p.Crashed(cause)
		}
	}()
	p.Entry = e
	p.Rule.Run(p)
}

// supersede drops the findings that follow from others.
func supersede(found []rule.Found, rules []*rule.Rule) []rule.Found {
	supersedes := map[string][]string{}
	for _, r := range rules {
		if len(r.Supersedes) > 0 {
			supersedes[r.Code] = r.Supersedes
		}
	}
	var causes []*rule.Found
	for i := range found {
		if supersedes[found[i].Code] != nil {
			causes = append(causes, &found[i])
		}
	}
	if len(causes) == 0 {
		return found
	}
	follows := func(f *rule.Found) bool {
		return slices.ContainsFunc(causes, func(c *rule.Found) bool {
			return c != f && slices.Contains(supersedes[c.Code], f.Code) && c.Entry == f.Entry &&
				(c.Path.Equal(f.Path) || c.Subject != "" && c.Subject == f.Subject)
		})
	}
	kept := make([]rule.Found, 0, len(found))
	for i := range found {
		if !follows(&found[i]) {
			kept = append(kept, found[i])
		}
	}
	return kept
}

// settle lets the makers of the objects refine the findings, gives them the
// severities that the profile asks for, and drops those that their objects
// suppress.
func settle(found []rule.Found, profile *rule.Profile) diag.Findings {
	suppressed := map[*facts.Entry]map[string]bool{}
	var kept diag.Findings
	for _, f := range found {
		finding, drop := f.Finding, false
		for e := f.Entry; e != nil && !drop; e = e.Within {
			codes, ok := suppressed[e]
			if !ok {
				codes = suppressedBy(e)
				suppressed[e] = codes
			}
			drop = codes[finding.Code]
		}
		if drop {
			continue
		}
		if adjust := f.Entry.Root().Adjust; adjust != nil {
			var keep bool
			if finding, keep = adjust(finding); !keep {
				continue
			}
		}
		if s, ok := profile.Severities[finding.Code]; ok {
			finding.Severity = s
		}
		kept = append(kept, finding)
	}
	kept.Sort()
	return kept
}

// suppressedBy are the codes that an object suppresses for itself.
func suppressedBy(e *facts.Entry) map[string]bool {
	var out map[string]bool
	for name, reason := range e.Annotations() {
		if code, ok := strings.CutPrefix(name, rule.Silence); ok && strings.TrimSpace(reason) != "" {
			if out == nil {
				out = map[string]bool{}
			}
			out[code] = true
		}
	}
	return out
}
