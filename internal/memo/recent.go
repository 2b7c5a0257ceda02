package memo

import "sync"

// Recent caches the most recently used values: a program that checks many sets parses
// each script of the catalogue only once. A value must depend only on its key. Recent
// is safe for concurrent use.
//
// It does not use an LRU cache from a library, because those limit the number of
// entries, and one script can be as long as a thousand others.
type Recent[K comparable, V any] struct {
	limit int

	mu          sync.Mutex
	recent, old map[K]weightedValue[V]
	weight      int // total weight of recent
}

type weightedValue[V any] struct {
	value  V
	weight int
}

// NewRecent returns a Recent whose values have a total weight of at most limit.
func NewRecent[K comparable, V any](limit int) *Recent[K, V] {
	return &Recent[K, V]{limit: limit, recent: map[K]weightedValue[V]{}}
}

// Of returns the result of make for the key. It caches the result, unless its weight
// is more than a quarter of the limit. Concurrent calls may both call make. The result
// must not be modified. A nil Recent caches nothing.
func (r *Recent[K, V]) Of(key K, make func() (v V, weight int)) V {
	if r == nil {
		v, _ := make()
		return v
	}
	if v, ok := r.get(key); ok {
		return v
	}
	v, weight := make()
	if weight <= r.limit/4 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.put(key, weightedValue[V]{v, weight})
	}
	return v
}

func (r *Recent[K, V]) get(key K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.recent[key]
	if !ok {
		if v, ok = r.old[key]; ok {
			r.put(key, v) // keep it when old is dropped
		}
	}
	return v.value, ok
}

// put adds a value to recent. When recent is full, it becomes old, and the previous
// old is dropped. The caller holds mu.
func (r *Recent[K, V]) put(key K, v weightedValue[V]) {
	if _, ok := r.recent[key]; ok {
		return
	}
	if r.weight+v.weight > r.limit/2 {
		r.old, r.recent, r.weight = r.recent, map[K]weightedValue[V]{}, 0
	}
	r.recent[key] = v
	r.weight += v.weight
}
