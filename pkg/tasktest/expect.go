package tasktest

import (
	"context"
	"slices"
	"strings"
)

// TB is the part of testing.TB that the helpers use, so that programs that import this
// package do not link the package testing.
type TB interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Do runs a case in a test. The test ends if the case cannot run.
//
//	tasktest.Do(t, c, tasktest.Host{Path: os.Getenv("PATH")}).OK(t)
func Do(t TB, c Case, r Runner) *Result {
	t.Helper()
	out, err := Run(t.Context(), c, r)
	if err != nil {
		t.Fatalf("the case cannot run: %v", err)
	}
	return out
}

// OK fails the test if the Task fails.
func (r *Result) OK(t TB) *Result {
	if r == nil || t == nil {
		return r // Do has ended the test
	}
	t.Helper()
	if r.Failed {
		t.Errorf("the Task failed\n%s", r.Summary())
	}
	return r
}

// Fails fails the test if the Task succeeds, or if the standard error does not contain the
// text.
func (r *Result) Fails(t TB, stderr string) *Result {
	if r == nil || t == nil {
		return r // Do has ended the test
	}
	t.Helper()
	switch {
	case !r.Failed:
		t.Errorf("the Task succeeded\n%s", r.Summary())
	case !strings.Contains(r.Stderr(), stderr):
		t.Errorf("the standard error does not contain %q\n%s", stderr, r.Summary())
	}
	return r
}

// Wrote fails the test if a result of type string does not have the value.
func (r *Result) Wrote(t TB, result, value string) *Result {
	if r == nil || t == nil {
		return r // Do has ended the test
	}
	t.Helper()
	got, ok := r.Results[result]
	switch {
	case !ok:
		t.Errorf("there is no result %q\n%s", result, r.Summary())
	case got.StringVal != value:
		t.Errorf("result %q is %q, want %q\n%s", result, got.StringVal, value, r.Summary())
	}
	return r
}

// Called fails the test if there is no call of a command with exactly these arguments.
func (r *Result) Called(t TB, command string, args ...string) *Result {
	if r == nil || t == nil {
		return r // Do has ended the test
	}
	t.Helper()
	for _, c := range r.Calls {
		if c.Command == command && slices.Equal(c.Args, args) {
			return r
		}
	}
	t.Errorf("there is no call %s\n%s", Call{Command: command, Args: args}, r.Summary())
	return r
}

// Expected fails the test if a call was unexpected: no answer of its recorder was for it.
func (r *Result) Expected(t TB) *Result {
	if r == nil || t == nil {
		return r // Do has ended the test
	}
	t.Helper()
	for _, c := range r.Calls {
		if c.Unexpected {
			t.Errorf("the call %s is unexpected\n%s", c, r.Summary())
		}
	}
	return r
}
