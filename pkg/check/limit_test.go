package check_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestMaxFindings checks that the limit of findings ends the check, that what has been
// found is kept, and that a finding says so.
func TestMaxFindings(t *testing.T) {
	var objects []object.Object
	for i := range 20 {
		objects = append(objects, pasting(fmt.Sprint(i), nil))
	}
	looks := 0
	first := &rule.Rule{Code: "aa-first", Run: func(p *rule.Pass) { p.Report(p.At("spec"), "it is there", "") }}
	second := &rule.Rule{Code: "bb-second", Run: func(*rule.Pass) { looks++ }}
	apply := func(most int) diag.Findings {
		found, err := check.RunRules(t.Context(), objects, check.Profile{MaxFindings: most}, first, second)
		require.NoError(t, err)
		return found
	}
	assert.Len(t, apply(20), 20)
	assert.Equal(t, 20, looks)
	found := apply(19)
	assert.Equal(t, 20, looks, "the second rule is not applied")
	if assert.Len(t, found, 20) {
		assert.Equal(t, "check-limit", found[19].Code)
		assert.Equal(t, diag.Error, found[19].Severity)
		assert.Equal(t, `there are more than 19 findings; the others are left out; rule "bb-second" was not applied`, found[19].Message)
	}
	assert.Equal(t, found, apply(19), "always the same")
	// A rule that reports much about one object is bounded, too.
	looping := &rule.Rule{Code: "cc", Run: func(p *rule.Pass) {
		for range 1000 {
			p.Report(p.At("spec"), "it is there", "")
		}
		assert.True(t, p.Stopped())
		assert.Len(t, p.Found(), 11)
	}}
	found, err := check.RunRules(t.Context(), objects, check.Profile{MaxFindings: 10}, looping)
	require.NoError(t, err)
	assert.Len(t, found, 11)
}

// TestDeadline checks that a deadline ends the check, and what has been found is kept.
func TestDeadline(t *testing.T) {
	ctx := &expiring{Context: t.Context()}
	objects := []object.Object{pasting("a", nil), pasting("b", nil)}
	mine := &rule.Rule{Code: "aa", Run: func(p *rule.Pass) {
		p.Report(p.At("spec"), "it is there", "")
		ctx.passed = true
	}}
	found, err := check.RunRules(ctx, objects, check.Profile{}, mine, &rule.Rule{Code: "bb", Run: func(*rule.Pass) { t.Error("is applied") }})
	require.NoError(t, err)
	if assert.Len(t, found, 2) {
		assert.Equal(t, "aa", found[0].Code)
		assert.Equal(t, `the check stopped after its time limit; rule "bb" was not applied`, found[1].Message)
		assert.Regexp(t, "^error check-limit: the check", found[1].Error(), "it is about no file")
	}
}

// expiring is a context whose deadline passes when the test says so.
type expiring struct {
	context.Context
	passed bool
}

func (c *expiring) Deadline() (time.Time, bool) { return time.Time{}, true }

func (c *expiring) Err() error {
	if c.passed {
		return context.DeadlineExceeded
	}
	return nil
}
