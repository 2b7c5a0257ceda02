// Package memo caches computed values. A [Memo] is for one call, in which
// several sources use the same description: a pipeline that two runs refer to
// is lowered once. A [Recent] is for the whole process, and its size is
// limited.
package memo

// Memo remembers what was made of descriptions. It is for one call that only
// reads them, and for one goroutine: nothing in it notices that a description
// has changed. A nil Memo remembers nothing.
type Memo struct{ made map[any]any }

// New returns a Memo that remembers nothing yet.
func New() *Memo { return &Memo{made: map[any]any{}} }

// entry is what something is remembered by: the description, and the type of
// what was made of it.
type entry[T any] struct{ of any }

// Of returns what make makes of a description, a pointer, the first time that
// it is asked. Whoever gets it must not change it.
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
