package check_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestOwnRules checks that the caller's rules are treated like the built-in ones, and
// that a rule that panics does not stop the others.
func TestOwnRules(t *testing.T) {
	profile := check.Profile{
		Severities: map[string]diag.Severity{"team-missing": diag.Error},
		Rules: []*rule.Rule{
			nil,
			{Code: "crashes", Severity: diag.Error, Run: func(p *rule.Pass) {
				p.Report(p.At("metadata"), "before it crashes", "")
				var none []int
				_ = none[len(p.Set.Entries())]
			}},
			{Code: "team-missing", Severity: diag.Warning, Run: func(p *rule.Pass) {
				p.Report(p.At("metadata", "labels"), "the label team is missing", "add it")
			}},
			{Code: "nowhere", Severity: diag.Error, Run: func(p *rule.Pass) { p.Report(rule.Spot{}, "it is in no object", "") }},
			{Code: "empty"},
		},
	}
	excused := pasting("b", map[string]string{rule.SuppressPrefix + "team-missing": "a template of others"})
	objects := []object.Object{pasting("a", nil), excused}
	objects[0].Locate = func(path diag.Path, _ string) diag.Position {
		return diag.Position{File: "greet.yaml", Line: map[string]int{"metadata.labels": 4}[path.String()]}
	}
	want := runAll(objects, profile)
	own := of(want, "team-missing")
	require.Len(t, own, 1)
	assert.Equal(t, "greet.yaml:4: error team-missing: the label team is missing\n\thelp: add it", own[0].Error())
	assert.Len(t, of(want, "crashes"), 2)
	assert.Empty(t, of(want, "nowhere"))
	crashed := of(want, "internal")
	require.Len(t, crashed, 2)
	assert.Contains(t, crashed[0].Message, `rule "crashes"`)
	assert.Contains(t, crashed[0].Message, "index out of range")

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { assert.Equal(t, want, runAll(objects, profile)) })
	}
	wg.Wait()
}

// callers returns a rule that uses facts: every task must run a Task of the set that
// has an owner.
var callers = &rule.Rule{
	Code: "team-missing", Severity: diag.Warning, Topic: "team", Text: "# team-missing: a task runs a Task without an owner\n",
	Kinds: rule.PipelineSpecKinds, Needs: []rule.Fact{rule.Objects, rule.Order}, Supersedes: []string{check.TaskExternal},
	Run: func(p *rule.Pass) {
		for _, spec := range p.Entry.PipelineSpecs() {
			for _, task := range spec.Tasks {
				ref := task.TaskRef
				if ref == nil {
					continue
				}
				found, at := p.Set.Find("Task", p.Entry.Ref.Namespace, ref.Name, p.Entry), task.Spot.Field("taskRef", "name")
				if found != nil && found.Labels()["owner"] != "" || p.Again(spec, ref.Name, at) {
					continue
				}
				p.Warning(at, ref.Name, fmt.Sprintf("%s runs Task %q, which has no owner", task.Label, ref.Name), "add the label owner to it")
			}
		}
	},
}

const owned = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build, labels: {owner: a}}
spec: {steps: [{name: s, image: "x:1"}]}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: p-}
spec:
  pipelineSpec:
    tasks:
    - {name: a, taskRef: {name: build}}
    - {name: b, taskRef: {name: tset}}
    - {name: c, taskRef: {name: tset}}
    - name: d
      pipelineSpec: {tasks: [{name: e, taskRef: {name: tset}}]}
`

// TestOwnPowers checks that a rule of the caller can use facts, report a mistake once,
// and supersede a built-in rule.
func TestOwnPowers(t *testing.T) {
	objects := must(t, owned)
	require.NotEmpty(t, of(runAll(objects, check.Profile{}), check.TaskExternal))
	profile := check.Profile{Rules: []*rule.Rule{callers}}
	require.NoError(t, check.ValidateProfile(profile))
	all := runAll(objects, profile)
	assert.Empty(t, of(all, check.TaskExternal), "superseded")
	found := of(all, callers.Code)
	require.Len(t, found, 2, "one in each pipeline")
	assert.Equal(t, "spec.pipelineSpec.tasks[1].taskRef.name", found[0].Path.String())
	require.Len(t, found[0].Related, 1)
	assert.Equal(t, "spec.pipelineSpec.tasks[2].taskRef.name", found[0].Related[0].Path.String())
	assert.Equal(t, "spec.pipelineSpec.tasks[3].pipelineSpec.tasks[0].taskRef.name", found[1].Path.String())

	// A disabled rule supersedes nothing.
	profile.Disabled = []string{callers.Code}
	all = runAll(objects, profile)
	assert.Empty(t, of(all, callers.Code))
	assert.NotEmpty(t, of(all, check.TaskExternal))
}

// TestApply applies a few rules, of this package and of the caller.
func TestApply(t *testing.T) {
	apply := func(profile check.Profile, rules ...*rule.Rule) (codes []string) {
		found, err := check.RunRules(context.Background(), must(t, owned), profile, rules...)
		require.NoError(t, err)
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		return codes
	}
	external, ok := check.Lookup(check.TaskExternal)
	require.True(t, ok)
	alone := apply(check.Profile{}, external)
	assert.Subset(t, []string{check.TaskExternal}, alone)
	assert.Equal(t, of(runAll(must(t, owned), check.Profile{}), check.TaskExternal), of(first(check.RunRules(context.Background(), must(t, owned), check.Profile{}, external)), check.TaskExternal))
	assert.Equal(t, []string{callers.Code, callers.Code}, apply(check.Profile{}, callers))
	assert.Equal(t, []string{callers.Code, callers.Code}, apply(check.Profile{Rules: []*rule.Rule{callers}}))
	assert.Equal(t, []string{callers.Code, callers.Code}, apply(check.Profile{}, external, callers))
	assert.Empty(t, apply(check.Profile{}))
	assert.Empty(t, apply(check.Profile{}, nil, &rule.Rule{Code: "empty"}))
}

// TestSupersedes checks that a finding is superseded only in the same object, at the
// same path or about the same subject.
func TestSupersedes(t *testing.T) {
	at := func(field, subject string) *rule.Rule {
		return &rule.Rule{Code: "effect", Run: func(p *rule.Pass) { p.Error(p.At("spec", field), subject, "it follows", "") }}
	}
	cause := func(subject string, supersedes ...string) *rule.Rule {
		return &rule.Rule{Code: "cause", Supersedes: supersedes, Run: func(p *rule.Pass) {
			if p.Entry.Ref.Namespace == "a" {
				p.Error(p.At("spec", "steps"), subject, "it is the cause", "")
			}
		}}
	}
	for name, c := range map[string]struct {
		cause, effect *rule.Rule
		left          int // findings of the effect, in the objects a and b
	}{
		"same path":                  {cause("x", "effect"), at("steps", "y"), 1},
		"same subject":               {cause("x", "effect"), at("params", "x"), 1},
		"neither":                    {cause("x", "effect"), at("params", "y"), 2},
		"no subject is not the same": {cause("", "effect"), at("params", ""), 2},
		"another code":               {cause("x", "affect"), at("steps", "x"), 2},
		"not superseded":             {cause("x"), at("steps", "x"), 2},
	} {
		for _, rules := range [][]*rule.Rule{{c.cause, c.effect}, {c.effect, c.cause}} {
			found, err := check.RunRules(context.Background(), []object.Object{pasting("a", nil), pasting("b", nil)}, check.Profile{}, rules...)
			require.NoError(t, err)
			assert.Len(t, of(found, "cause"), 1, name)
			assert.Len(t, of(found, "effect"), c.left, name)
		}
	}
}
