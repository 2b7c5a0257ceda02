// Package memo caches computed values. A [Memo] is for one call, in which
// several sources use the same description: a pipeline that two runs refer to
// is lowered once. A [Recent] is for the whole process, and its size is
// limited.
package memo

// Memo caches values computed from descriptions. It is for one call that only
// reads the descriptions, and for one goroutine: it does not notice changes of
// a description. A nil Memo caches nothing.
type Memo struct{ made map[any]any }

// New returns an empty Memo.
func New() *Memo { return &Memo{made: map[any]any{}} }

// entry is a cache key: the description, and the type of the value.
type entry[T any] struct{ of any }

// Of returns the result of make for a description, which is a pointer. It calls
// make only the first time. The result must not be changed.
func Of[T any](m *Memo, description any, make func() T) T {
	if m == nil {
		return make()
	}
	key := entry[T]{description}
	if v, ok := m.made[key].(T); ok {
		return v
	}
	v := make()
	m.made[key] = v
	return v
}
