package memo

import "sync"

// Recent caches the most recently computed values for keys: a program that
// checks many sets parses the scripts of a catalogue only once. Values must
// depend only on the key. It is safe for concurrent use.
//
// It is not an LRU cache from a library, because those count entries, and one
// script can be as long as a thousand others.
type Recent[K comparable, V any] struct {
	limit int

	mu         sync.Mutex
	young, old map[K]weighed[V]
	weight     int // of the young
}

type weighed[V any] struct {
	value  V
	weight int
}

// NewRecent returns a Recent for values of a limited total weight. The most
// recent values are kept up to half of the limit, and older ones up to the
// whole limit.
func NewRecent[K comparable, V any](limit int) *Recent[K, V] {
	return &Recent[K, V]{limit: limit, young: map[K]weighed[V]{}}
}

// Of returns the result of make for the key, and caches it unless the weight
// that make returns is more than a quarter of the limit. The result must not be
// changed. Concurrent calls may both call make. A nil Recent caches nothing.
func (r *Recent[K, V]) Of(key K, make func() (v V, weight int)) V {
	if r == nil {
		v, _ := make()
		return v
	}
	if v, ok := r.find(key); ok {
		return v
	}
	v, weight := make()
	if weight <= r.limit/4 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.put(key, weighed[V]{v, weight})
	}
	return v
}

func (r *Recent[K, V]) find(key K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.young[key]
	if !ok {
		if v, ok = r.old[key]; ok {
			r.put(key, v) // asked for again: it stays
		}
	}
	return v.value, ok
}

// put is called with the lock held.
func (r *Recent[K, V]) put(key K, v weighed[V]) {
	if _, ok := r.young[key]; ok {
		return
	}
	if r.weight+v.weight > r.limit/2 {
		r.old, r.young, r.weight = r.young, map[K]weighed[V]{}, 0
	}
	r.young[key] = v
	r.weight += v.weight
}
