// Package growth tests that the cost of a function grows no faster than its input. It
// compares costs that were measured in one run, so that no test depends on the speed
// of the machine.
package growth

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/tekwright/tekwright/internal/cputime"
)

const (
	// factor is the ratio of the sizes that are compared.
	factor = 16
	// timeSlack and memorySlack are what the cost for a value may be at the larger
	// size, as a multiple of that at the smaller one. Something quadratic comes to
	// 16. What sorts, grows its memory by doubling it, or uses more than the cache of
	// the processor holds comes to almost 2.
	timeSlack, memorySlack = 3, 2.2
	// tries is how often a cost is measured before it counts: other programs can
	// only make it larger.
	tries = 12
)

// cost is what a call took.
type cost struct {
	time   time.Duration // of the processor
	memory uint64        // allocated bytes
}

// least returns the smaller of each of two costs.
func least(a, b cost) cost { return cost{min(a.time, b.time), min(a.memory, b.memory)} }

// without returns the cost without what every call costs. At least half of the time is
// left: on a busy machine, what a call costs may be measured too high.
func (c cost) without(fixed cost) cost {
	return cost{c.time - min(fixed.time, c.time/2), c.memory - min(fixed.memory, c.memory*3/4)}
}

// Linear fails the test if some work on an input of size 16*n costs much more than 16
// times the work on one of size n. Prepare makes an input of a size that is
// proportional to its argument, and returns the work, which is done once.
func Linear(t testing.TB, n int, prepare func(n int) (work func())) {
	t.Helper()
	prepare(n / 2)() // what is made once
	fixed := least(measure(prepare(1)), measure(prepare(2)))
	var small, large cost
	for try := range tries {
		// Another size is another text, which no cache knows.
		for i := range 3 {
			c := measure(prepare(n + try*3 + i))
			if try == 0 && i == 0 {
				small = c
			}
			small = least(small, c)
		}
		work := prepare(factor*n + try)
		mapped(small.memory * factor)
		c := measure(work)
		if try == 0 {
			large = c
		}
		large = least(large, c)
		from, to := small.without(fixed), large.without(fixed)
		if to.time <= from.time*factor*timeSlack && float64(to.memory) <= float64(from.memory)*factor*memorySlack {
			t.Logf("%v and %d KB at %d, times %.1f and %.1f", from.time, from.memory>>10, n, ratio(to.time, from.time), ratio(to.memory, from.memory))
			return
		}
	}
	from, to := small.without(fixed), large.without(fixed)
	t.Errorf("%d times as much input takes %.0f times as much processor time (%v, %v) and %.0f times as much memory (%d KB, %d KB)",
		factor, ratio(to.time, from.time), from.time, to.time, ratio(to.memory, from.memory), from.memory>>10, to.memory>>10)
}

func ratio[N time.Duration | uint64](a, b N) float64 { return float64(a) / float64(b) }

// mapped makes the operating system hand out some memory, which the work measured next
// uses again. To be handed a page takes longer than to fill it, and only work on a large
// input would need new ones.
func mapped(bytes uint64) {
	page := uint64(os.Getpagesize())
	for memory := make([]byte, min(bytes, 1<<30)); uint64(len(memory)) > page; memory = memory[page:] {
		memory[0] = 1
	}
}

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
