package memo_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/memo"
)

func TestRecent(t *testing.T) {
	r := memo.NewRecent[string, string](40)
	var made []string
	of := func(key string, weight int) {
		t.Helper()
		assert.Equal(t, "<"+key+">", r.Of(key, func() (string, int) {
			made = append(made, key)
			return "<" + key + ">", weight
		}))
	}

	of("a", 10)
	of("b", 10)
	of("a", 10)
	of("b", 10)
	assert.Equal(t, []string{"a", "b"}, made, "each once")

	of("c", 10) // a and b become old
	of("a", 10) // used again
	of("d", 10) // a and c become old
	of("a", 10)
	assert.Equal(t, []string{"a", "b", "c", "d"}, made, "values in use are kept")
	of("b", 10)
	assert.Equal(t, []string{"a", "b", "c", "d", "b"}, made, "values not in use are dropped")

	made = nil
	of("heavy", 11)
	of("heavy", 11)
	assert.Equal(t, []string{"heavy", "heavy"}, made, "a heavy value does not displace the others")
	of("a", 10)
	assert.Equal(t, []string{"heavy", "heavy"}, made)

	r = nil
	of("a", 10)
	of("a", 10)
	assert.Equal(t, []string{"heavy", "heavy", "a", "a"}, made, "nil caches nothing")
}

func TestRecentConcurrent(t *testing.T) {
	r := memo.NewRecent[int, string](64)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 2000 {
				key := i * i % 37
				assert.Equal(t, strconv.Itoa(key), r.Of(key, func() (string, int) { return strconv.Itoa(key), key % 16 }))
			}
		})
	}
	group.Wait()
}
