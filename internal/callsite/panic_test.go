package callsite_test

import (
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

func divide(a, b int) int { return a / b } // the line of a test below

type liar struct{}

func (liar) Error() string { panic("again") }

func TestCatch(t *testing.T) {
	assert.Nil(t, callsite.Catch(func() {}))
	var none *int
	for _, c := range []struct {
		name string
		f    func()
		want string
	}{
		{"a string", func() { panic("why") }, "why"},
		{"an error", func() { panic(errors.New("wrong")) }, "wrong"},
		{"nil", func() { panic(nil) }, "panic called with nil argument"},
		{"a nil pointer", func() { _ = *none }, "runtime error: invalid memory address or nil pointer dereference"},
		{"in a function", func() { sink = divide(1, len(none2)) }, "runtime error: integer divide by zero"},
		{"in the standard library", func() { _ = strings.Repeat("a", -1-len(none2)) }, "strings: negative Repeat count"},
		{"a value that panics", func() { panic(liar{}) }, "%!v(PANIC=Error method: again)"},
		{"again, in a deferred function", func() {
			defer func() { panic("second") }()
			panic("first")
		}, "second"},
	} {
		p := callsite.Catch(c.f)
		require.NotNil(t, p, c.name)
		at, users := p.Position()
		assert.True(t, users, c.name)
		assert.Equal(t, "panic_test.go", filepath.Base(at.File), c.name)
		assert.Equal(t, "it panicked: "+c.want+" ("+at.Short()+")", p.Error(), c.name)

		f := p.Finding(callsite.Here(), "the function")
		assert.Equal(t, "the function panicked: "+c.want, f.Message)
		assert.Equal(t, "function-panicked", f.Code)
		assert.Equal(t, []diag.Related{{Message: "panicked here", Position: at}}, f.Related)
	}
	at, _ := callsite.Catch(func() { sink = divide(1, len(none2)) }).Position()
	assert.Equal(t, 17, at.Line)
}

var (
	none2 []int
	sink  int
)

// TestGoexit tests that a function can end its goroutine, as t.FailNow does.
func TestGoexit(t *testing.T) {
	done := make(chan bool)
	went := false
	go func() {
		defer close(done)
		_ = callsite.Catch(runtime.Goexit)
		went = true
	}()
	<-done
	assert.False(t, went)
}

func TestChanges(t *testing.T) {
	var c callsite.Changes[int]
	c.Add(callsite.Here(), nil)
	c.Add(callsite.Here(), func(i *int) { *i++ })
	c.Add(here(), func(*int) { panic("why") })
	c.Add(callsite.Here(), func(i *int) { *i++ })
	n := 0
	about := diag.ObjectRef{Kind: "Task", Name: "t"}
	found := c.Apply(&n, about)
	assert.Equal(t, 2, n)
	require.Len(t, found, 1)
	assert.Equal(t, about, found[0].Object)
	assert.Equal(t, "the function passed to Mutate panicked: why", found[0].Message)
	assert.Equal(t, found[0].Position.Line, found[0].Related[0].Position.Line)
}
