// Package memo caches computed values.
//
// A [Memo] caches values for the duration of one call: a pipeline that two runs refer
// to is lowered only once. A [Recent] caches values for the whole process, and has a
// limited size.
package memo

// Memo caches values that are computed from descriptions, such as pipelines. It must
// not outlive the call that creates it, because it does not detect changes of a
// description. It is not safe for concurrent use. A nil Memo caches nothing.
type Memo struct{ values map[any]any }

// New returns an empty Memo.
func New() *Memo { return &Memo{values: map[any]any{}} }

// key is the key of a cached value of type T.
type key[T any] struct{ description any }

// Of returns the result of make, which computes a value from the description. The
// description is a pointer. Of calls make only the first time for each description and
// type. The result must not be modified.
func Of[T any](m *Memo, description any, make func() T) T {
	if m == nil {
		return make()
	}
	k := key[T]{description}
	if v, ok := m.values[k].(T); ok {
		return v
	}
	v := make()
	m.values[k] = v
	return v
}
