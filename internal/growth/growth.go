// Package growth tests that the cost of a function grows no faster than its input. It
// compares costs that were measured in one run, so that no test depends on the speed
// of the machine.
package growth

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/tekwright/tekwright/internal/cputime"
)

const (
	// factor is how many small inputs are as large as the large one.
	factor = 16
	// timeSlack and memorySlack are what the large input may cost, as a multiple of the
	// small ones together. Something quadratic comes to 16. What sorts, grows its memory by
	// doubling it, or uses more than the cache of the processor holds comes to almost 2.
	timeSlack, memorySlack = 3, 2.2
	// tries is how often a cost is measured before it counts: other programs can
	// only make it larger.
	tries = 8
	// rounds is how often the inputs are doubled and measured again before the test fails: the
	// larger they are, the clearer is something quadratic, and the less counts all else.
	rounds = 3
)

// cost is what a call took.
type cost struct {
	time   time.Duration // of the processor
	memory uint64        // allocated bytes
}

// least returns the smaller of each of two costs.
func least(a, b cost) cost { return cost{min(a.time, b.time), min(a.memory, b.memory)} }

// without returns the cost without a part of what the calls for the small inputs cost whatever
// their input. At least half of the time is left: on a busy machine, that may be measured too
// high.
func (c cost) without(fixed cost, parts int) cost {
	return cost{
		c.time - min(fixed.time/time.Duration(parts), c.time/2),
		c.memory - min(fixed.memory/uint64(parts), c.memory*3/4),
	}
}

// Linear fails the test if some work on an input of size 16*n costs much more than on 16
// inputs of size n. Prepare makes an input of a size that is proportional to its argument, and
// returns the work, which is done once.
//
// The small inputs together take as long as the large one. If one of them were measured alone,
// other programs would disturb it less.
func Linear(t testing.TB, n int, prepare func(n int) (work func())) {
	t.Helper()
	prepare(n / 2)() // what is made once
	var found string
	for range rounds {
		var ok bool
		if ok, found = linear(n, prepare); ok {
			t.Log(found)
			return
		}
		n *= 2
	}
	t.Error(found)
}

// linear reports whether the cost of some work on an input of size 16*n is like that on 16
// inputs of size n, and says what it was.
func linear(n int, prepare func(n int) (work func())) (bool, string) {
	var empty, small, large cost
	var duration, memory float64
	for try := range tries {
		var nothing, works []func()
		size := 0
		for i := range factor {
			// Another size is another text, which no cache knows.
			one := n + try*factor + i
			nothing, works, size = append(nothing, prepare(1+i%2)), append(works, prepare(one)), size+one
		}
		work := prepare(size)
		// What a call costs is measured as the small inputs are: alone, it costs more.
		fixed, together, c := measure(all(nothing)), measure(all(works)), measure(work)
		if try == 0 {
			empty, small, large = fixed, together, c
		}
		empty, small, large = least(empty, fixed), least(small, together), least(large, c)
		from, to := small.without(empty, 1), large.without(empty, factor)
		duration, memory = ratio(to.time, from.time), ratio(to.memory, from.memory)
		if duration <= timeSlack && memory <= memorySlack {
			return true, fmt.Sprintf("%v and %d KB at %d, times %.1f and %.1f", from.time, from.memory>>10, size, duration, memory)
		}
	}
	return false, fmt.Sprintf("an input of size %d takes %.1f times as much processor time (%v, %v) and %.1f times as much memory (%d KB, %d KB) as %d small ones that are as large together",
		n*factor, duration, small.time, large.time, memory, small.memory>>10, large.memory>>10, factor)
}

// all does several works after each other.
func all(works []func()) func() {
	return func() {
		for _, work := range works {
			work()
		}
	}
}

func ratio[N time.Duration | uint64](a, b N) float64 { return float64(a) / float64(b) }

// measure returns the cost of some work.
func measure(work func()) cost {
	runtime.GC()
	// When the collector runs depends on how much other tests have left.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cputime.Used()
	work()
	used := cputime.Used() - start
	runtime.ReadMemStats(&after)
	return cost{max(used, time.Microsecond), max(after.TotalAlloc-before.TotalAlloc, 1)}
}

// Bounded fails the test if a call allocates more than some megabytes.
func Bounded(t testing.TB, megabytes uint64, name string, call func()) {
	t.Helper()
	if took := measure(call).memory >> 20; took > megabytes {
		t.Errorf("%s: allocates %d MB, more than %d", name, took, megabytes)
	}
}

// Check measures the work on the texts of families.
func Check(t *testing.T, list []Family, work func(text string) func()) {
	t.Helper()
	if testing.Short() {
		t.Skip("checks large texts")
	}
	for _, f := range list {
		t.Run(f.Name, func(t *testing.T) {
			Linear(t, f.Size, func(n int) func() { return work(f.Text(n)) })
		})
	}
}

// Families returns kinds of text that might take more than their share of time: each
// reader, and each rule that compares things with each other, is the target of some.
func Families() []Family { return slices.Concat(Texts(), References()) }

// Texts returns those about texts, lines and single objects.
func Texts() []Family { return slices.Clone(families) }

// References returns those about objects that refer to each other, and what they share.
func References() []Family { return slices.Concat(lookups, shared, strangers, lists, fixes) }
