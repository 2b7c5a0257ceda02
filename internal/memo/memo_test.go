package memo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/memo"
)

func TestOf(t *testing.T) {
	a, b := new(int), new(int)
	calls := 0
	make := func() []string { calls++; return []string{"made"} }

	m := memo.New()
	assert.Equal(t, []string{"made"}, memo.Of(m, a, make))
	assert.Equal(t, []string{"made"}, memo.Of(m, a, make))
	assert.Equal(t, 1, calls)
	memo.Of(m, b, make)
	assert.Equal(t, 2, calls, "another description")
	assert.Equal(t, 7, memo.Of(m, a, func() int { return 7 }), "another type")

	memo.Of(nil, a, make)
	memo.Of(nil, a, make)
	assert.Equal(t, 4, calls, "nil caches nothing")
}
