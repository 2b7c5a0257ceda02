package check_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// runAll is check.Run with a context that does not end.
func runAll(objects []object.Object, profile check.Profile) diag.Findings {
	found, err := check.Run(context.Background(), objects, profile)
	if err != nil {
		panic(err)
	}
	return found
}

// TestRunContext: a context that ends stops Run, which then found nothing.
func TestRunContext(t *testing.T) {
	objects := []object.Object{pasting("a", nil), pasting("b", nil)}
	ctx, cancel := context.WithCancel(t.Context())
	looks := 0
	profile := check.Profile{Rules: []check.Rule{{Code: "looks", Check: func(*check.Inspection) { looks++; cancel() }}}}
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

// TestRuleSeverity: a rule of one's own that says no severity finds errors.
func TestRuleSeverity(t *testing.T) {
	found := of(runAll([]object.Object{pasting("a", nil)}, check.Profile{Rules: []check.Rule{
		{Code: "mine", Check: func(i *check.Inspection) { i.Report("spec.steps[0]", "it is there", "") }},
	}}), "mine")
	if assert.Len(t, found, 1) {
		assert.Equal(t, diag.Error, found[0].Severity)
		assert.Equal(t, diag.Fields("spec", "steps").Index(0), found[0].Path)
	}
}
