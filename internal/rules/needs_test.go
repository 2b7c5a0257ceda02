package rules_test

import (
	"maps"
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

// trials are the examples and the cases of a rule.
func trials(t *testing.T, r *rule.Rule, cases []*testCase) []trial {
	t.Helper()
	doc := r.Doc()
	p, err := check.ReadProfile([]byte(doc.Profile))
	require.NoError(t, err)
	bad, _ := manifest.Parse([]byte(doc.Bad), "bad.yaml")
	good, _ := manifest.Parse([]byte(doc.Good), "good.yaml")
	out := []trial{{bad, p}, {good, p}}
	for _, c := range cases {
		objects, _ := c.parse(c.lines)
		out = append(out, trial{objects, c.profile})
	}
	return out
}

// TestNeeds holds what each rule asks for against what it says to need, and what
// it reports against the kinds that it says to look at.
func TestNeeds(t *testing.T) {
	cases := caseFiles(t)
	for _, r := range rules.All() {
		if r.Run == nil {
			continue
		}
		asked := map[rule.Fact]bool{}
		for _, trial := range trials(t, r, cases[r.Topic+"/"+r.Code+".yaml"]) {
			set := facts.New(trial.objects)
			all := set.All()
			set.Observe(func(f facts.Fact) { asked[f] = true })
			p := rule.NewPass(r, set, &trial.profile)
			for _, e := range all {
				if r.Kinds == nil || slices.Contains(r.Kinds, e.Ref.Kind) {
					p.Entry = e
					r.Run(p)
				}
			}
			for _, f := range p.Found() {
				assert.True(t, r.Kinds == nil || slices.Contains(r.Kinds, f.Entry.Ref.Kind), "%s looks at %v, and reports: %v", r.Code, r.Kinds, f.Finding)
			}
		}
		for f := range maps.Keys(asked) {
			assert.Contains(t, r.Needs, f, "%s asks for facts that it does not need", r.Code)
		}
		for _, f := range r.Needs {
			assert.True(t, asked[f], "%s needs facts that it never asks for in its cases: %s", r.Code, f)
		}
	}
}
