package check_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// runAll is check.Run with a context that is never canceled.
func runAll(objects []object.Object, profile check.Profile) diag.Findings {
	found, err := check.Run(context.Background(), objects, profile)
	if err != nil {
		panic(err)
	}
	return found
}

// TestRunContext checks that a canceled context stops Run, which then returns no
// findings.
func TestRunContext(t *testing.T) {
	objects := []object.Object{pasting("a", nil), pasting("b", nil)}
	ctx, cancel := context.WithCancel(t.Context())
	looks := 0
	profile := check.Profile{Rules: []*rule.Rule{{Code: "looks", Run: func(*rule.Pass) { looks++; cancel() }}}}
	found, err := check.Run(ctx, objects, profile)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, found)

	before := looks
	found, err = check.Run(ctx, objects, profile)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, found)
	assert.Equal(t, before, looks, "no rule is applied")
	_, err = check.Run(ctx, nil, profile)
	assert.ErrorIs(t, err, context.Canceled)
}

// TestRuleSeverity checks that the default severity of a rule is error.
func TestRuleSeverity(t *testing.T) {
	found := of(runAll([]object.Object{pasting("a", nil)}, check.Profile{Rules: []*rule.Rule{
		{Code: "mine", Run: func(p *rule.Pass) { p.Report(p.At("spec").Index("steps", 0), "it is there", "") }},
	}}), "mine")
	if assert.Len(t, found, 1) {
		assert.Equal(t, diag.Error, found[0].Severity)
		assert.Equal(t, diag.Fields("spec", "steps").Index(0), found[0].Path)
	}
}
