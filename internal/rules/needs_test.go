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

// A trial is a set of objects to run a rule on.
type trial struct {
	objects []object.Object
	profile check.Profile
	set     *facts.Set // for runs that are not observed
}

// trials returns the examples and the cases of all rules.
func trials(t *testing.T) []trial {
	t.Helper()
	var out []trial
	for _, r := range rules.All() {
		doc := r.Doc()
		p, err := check.ReadProfile([]byte(doc.Profile))
		require.NoError(t, err)
		for _, text := range []string{doc.Bad, doc.Good} {
			objects, _ := manifest.Parse([]byte(text), r.Code+".yaml")
			out = append(out, trial{objects, p, facts.New(objects)})
		}
	}
	for _, cases := range caseFiles(t) {
		for _, c := range cases {
			objects, _ := c.parse(c.lines)
			out = append(out, trial{objects, c.profile, facts.New(objects)})
		}
	}
	return out
}

// look runs a rule on the objects, and records the facts that it uses.
func (x trial) look(r *rule.Rule, asked map[rule.Fact]bool) {
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
}

// reports returns the kinds that are missing from the Kinds of the rule: those of
// objects in which it finds something. A rule may panic on an object of another kind.
func (x trial) reports(r *rule.Rule) map[string]bool {
	out := map[string]bool{}
	for _, e := range x.set.All() {
		if slices.Contains(r.Kinds, e.Ref.Kind) {
			continue
		}
		func() {
			defer func() { _ = recover() }()
			p := rule.NewPass(r, x.set, &x.profile)
			p.Entry = e
			r.Run(p)
			if len(p.Found()) > 0 {
				out[e.Ref.Kind] = true
			}
		}()
	}
	return out
}

// TestNeeds compares the Needs of each rule with the facts that it uses, and its Kinds
// with the kinds of objects in which it finds something.
func TestNeeds(t *testing.T) {
	all := trials(t)
	for _, r := range rules.All() {
		if r.Run == nil {
			continue
		}
		asked := map[rule.Fact]bool{}
		for _, x := range all {
			x.look(r, asked)
			if r.Kinds == nil {
				continue
			}
			for kind := range x.reports(r) {
				assert.Fail(t, "kind missing", "rule %s finds something in a %s: add the kind to its Kinds", r.Code, kind)
			}
		}
		for f := range asked {
			assert.True(t, slices.Contains(r.Needs, f), "rule %s uses the facts %q: add them to its Needs", r.Code, f)
		}
		for _, f := range r.Needs {
			assert.True(t, asked[f], "rule %s never uses the facts %q: remove them from its Needs, or add a case that uses them", r.Code, f)
		}
	}
}
