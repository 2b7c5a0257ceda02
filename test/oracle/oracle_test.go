package oracle

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
)

// systems is how many systems are made: TEKWRIGHT_SYSTEMS, or as many as take
// half a minute.
func systems(t *testing.T) uint64 {
	if s := os.Getenv("TEKWRIGHT_SYSTEMS"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 400
}

// eachSeed calls f for each seed, on every processor.
func eachSeed(n uint64, f func(seed uint64)) {
	var wg sync.WaitGroup
	seeds := make(chan uint64)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for seed := range seeds {
				f(seed)
			}
		})
	}
	for seed := range n {
		seeds <- seed
	}
	close(seeds)
	wg.Wait()
}

// TestValid holds that a system runs as it is made, on both sides.
func TestValid(t *testing.T) {
	eachSeed(systems(t), func(seed uint64) { valid(t, seed) })
}

// valid reports whether the system of the seed runs; not so if Tekton's code
// panics.
func valid(t *testing.T, seed uint64) bool {
	s := generate(seed)
	err := theirs(s)
	if errors.Is(err, errCrash) {
		return false
	}
	return assert.NoError(t, err, "seed %d: theirs", seed) && assert.NoError(t, ours(s).Err(), "seed %d: ours", seed)
}

// tally counts what became of a fault.
type tally struct{ tried, theirs, ours, harmless, both, wrong int }

// TestFaults breaks each system in some ways, and holds our verdict against
// theirs.
func TestFaults(t *testing.T) {
	var mu sync.Mutex
	counts := make([]tally, len(faults))
	eachSeed(systems(t), func(seed uint64) {
		g := newGen(seed, 2)
		for _, i := range g.Perm(len(faults))[:len(faults)/14] {
			v := judge(faults[i], seed)
			mu.Lock()
			counts[i].add(v)
			mu.Unlock()
			if v.complaint != "" && counts[i].wrong < 4 {
				t.Errorf("%s\n%s", faults[i].name, v.complaint)
			}
		}
	})
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-52s %4s %6s %7s %6s %9s %9s\n", "fault", "row", "tried", "theirs", "ours", "harmless", "disagree")
	for i, f := range faults {
		c := counts[i]
		fmt.Fprintf(&table, "%-52s %4d %6d %7d %6d %9d %9d\n", f.name, f.row, c.tried, c.theirs, c.ours, c.harmless, c.wrong)
		assert.NotZero(t, c.tried, "%s: never tried", f.name)
	}
	t.Log(table.String())
}

func (c *tally) add(v verdict) {
	if !v.tried {
		return
	}
	c.tried++
	if v.theirs {
		c.theirs++
	}
	if v.ours {
		c.ours++
	}
	if !v.theirs && !v.ours {
		c.harmless++
	}
	if v.complaint != "" {
		c.wrong++
	}
}

// fits reports whether a finding of the severity tells of the fault.
func (f fault) fits(s check.Severity) bool {
	return s == check.Error && !f.ignored || s == check.Warning && (f.ignored || f.blind != "")
}

// verdict is what became of one broken system.
type verdict struct {
	tried, theirs, ours bool
	complaint           string
}

// judge breaks the system of a seed.
func judge(f fault, seed uint64) verdict {
	s := generate(seed)
	where := f.do(newGen(seed, 3), s)
	if len(where) == 0 {
		return verdict{}
	}
	err := theirs(s)
	if errors.Is(err, errCrash) {
		return verdict{}
	}
	findings := ours(s)
	v := verdict{tried: true, theirs: err != nil, ours: findings.Err() != nil}
	named := slices.ContainsFunc(findings, func(x check.Finding) bool {
		return f.fits(x.Severity) && slices.Contains(f.codes, x.Code) && (slices.Contains(where, name(x.Object)) ||
			slices.ContainsFunc(x.Related, func(r check.Related) bool { return slices.Contains(where, name(r.Object)) }))
	})
	switch {
	case len(f.codes) == 0:
		if v.theirs || v.ours {
			v.complaint = "that is no fault"
		}
	case f.ignored && v.theirs:
		v.complaint = "Tekton minds it"
	case f.ignored && v.ours:
		v.complaint = "we mind it"
	case !f.ignored && f.blind == "" && v.theirs != v.ours, f.blind != "" && v.theirs && !v.ours:
		v.complaint = "the verdicts differ"
	case !named && (v.theirs || v.ours || f.ignored || f.blind != ""):
		v.complaint = "we do not tell of it"
	}
	if v.complaint != "" {
		findings = slices.DeleteFunc(findings, func(x check.Finding) bool {
			return x.Severity != check.Error && !slices.Contains(f.codes, x.Code)
		})
		v.complaint = fmt.Sprintf("seed %d, %v: %s\ntheirs: %v\nours: %v", seed, where, v.complaint, err, findings)
	}
	return v
}
