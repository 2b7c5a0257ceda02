package oracle

import (
	"errors"
	"flag"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	systems = flag.Uint64("systems", 150, "how many systems are made that run")
	tries   = flag.Int("tries", 8, "how often each fault is tried")
	shown   = flag.String("fault", "", "the fault that TestShow shows")
	seed    = flag.Uint64("seed", 0, "the system that TestShow shows")
)

// parallel calls f for each number below n, on every processor.
func parallel(n uint64, f func(i uint64)) {
	var wg sync.WaitGroup
	numbers := make(chan uint64)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range numbers {
				f(i)
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	wg.Wait()
}

// TestValid holds that a system runs as it is made, on both sides: no finding
// of ours is an error where Tekton has none.
func TestValid(t *testing.T) {
	crashed := make([]bool, *systems)
	parallel(*systems, func(seed uint64) {
		s := generate(seed)
		err := theirs(s)
		if crashed[seed] = errors.Is(err, errCrash); !crashed[seed] {
			assert.NoError(t, err, "seed %d: theirs", seed)
			assert.NoError(t, ours(s).Err(), "seed %d: ours", seed)
		}
	})
	n := 0
	for _, c := range crashed {
		if c {
			n++
		}
	}
	t.Logf("%d systems, Tekton panics over %d", *systems, n)
	assert.LessOrEqual(t, n, len(crashed)/20, "too few are looked at")
}

// flagged reports whether a flag was given.
func flagged(name string) (given bool) {
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}
