package rules_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// trial is objects for one rule to look at.
type trial struct {
	objects []object.Object
	profile check.Profile
}

// trials are the examples of all rules, and their cases.
func trials(t *testing.T) []trial {
	t.Helper()
	var out []trial
	for _, r := range rules.All() {
		doc := r.Doc()
		p, err := check.ReadProfile([]byte(doc.Profile))
		require.NoError(t, err)
		for _, text := range []string{doc.Bad, doc.Good} {
			objects, _ := manifest.Parse([]byte(text), r.Code+".yaml")
			out = append(out, trial{objects, p})
		}
	}
	for _, cases := range caseFiles(t) {
		for _, c := range cases {
			objects, _ := c.parse(c.lines)
			out = append(out, trial{objects, c.profile})
		}
	}
	return out
}

// look has a rule look at objects, and notes what it asks for.
func (x trial) look(r *rule.Rule, asked map[rule.Fact]bool) []rule.Found {
	set := facts.New(x.objects)
	all := set.All()
	set.Observe(func(f facts.Fact) { asked[f] = true })
	p := rule.NewPass(r, set, &x.profile)
	for _, e := range all {
		if r.Kinds == nil || slices.Contains(r.Kinds, e.Ref.Kind) {
			p.Entry = e
			r.Run(p)
		}
	}
	return p.Found()
}

// TestNeeds holds what each rule asks for against what it says to need, and what
// it reports against the kinds that it says to look at.
func TestNeeds(t *testing.T) {
	all := trials(t)
	for _, r := range rules.All() {
		if r.Run == nil {
			continue
		}
		asked := map[rule.Fact]bool{}
		for _, x := range all {
			for _, f := range x.look(r, asked) {
				assert.True(t, r.Kinds == nil || slices.Contains(r.Kinds, f.Entry.Ref.Kind), "%s looks at %v, and reports: %v", r.Code, r.Kinds, f.Finding)
			}
		}
		for f := range asked {
			assert.Contains(t, r.Needs, f, "%s asks for facts that it does not need", r.Code)
		}
		for _, f := range r.Needs {
			assert.True(t, asked[f], "%s needs facts that it never asks for: %s", r.Code, f)
		}
	}
}
