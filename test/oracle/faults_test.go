package oracle

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// patience is how many systems are made to find one in which a fault can be
// put, before it counts as never tried.
const patience = 200

// tally counts what became of a fault.
type tally struct {
	tried, theirs, ours, harmless int
	complaints                    []string
}

// try puts the fault into as many systems as are asked for. Each fault has
// systems of its own.
func (f fault) try(first uint64) (c tally) {
	for seed := first; c.tried < *tries && seed < first+uint64(patience**tries); seed++ {
		v, ok := f.judge(seed)
		if !ok {
			continue
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
			c.complaints = append(c.complaints, v.complaint)
		}
	}
	return c
}

// TestFaults puts each fault into systems that run, and holds our verdict
// against theirs.
func TestFaults(t *testing.T) {
	counts := make([]tally, len(faults))
	parallel(uint64(len(faults)), func(i uint64) { counts[i] = faults[i].try(1_000_000 * i) })
	var table, remarks strings.Builder
	var all tally
	line := func(name string, row any, c tally) {
		fmt.Fprintf(&table, "%-55s %4v %6d %7d %5d %9d %9d\n", name, row, c.tried, c.theirs, c.ours, c.harmless, len(c.complaints))
	}
	fmt.Fprintf(&table, "\n%-55s %4s %6s %7s %5s %9s %9s\n", "fault", "row", "tried", "theirs", "ours", "harmless", "disagree")
	for i, f := range faults {
		c := counts[i]
		line(f.name, f.row, c)
		all.tried, all.theirs, all.ours, all.harmless = all.tried+c.tried, all.theirs+c.theirs, all.ours+c.ours, all.harmless+c.harmless
		all.complaints = append(all.complaints, c.complaints...)
		f.expect(t, c)
		if f.blind != "" {
			fmt.Fprintf(&remarks, "%s: Tekton may not see it: %s\n", f.name, f.blind)
		}
	}
	line("all", "", all)
	t.Log(table.String() + remarks.String())
}

// expect holds a tally against what the fault says of itself.
func (f fault) expect(t *testing.T, c tally) {
	if len(c.complaints) > 0 {
		t.Errorf("%s\n%s", f.name, strings.Join(c.complaints[:min(3, len(c.complaints))], "\n"))
	}
	assert.Equal(t, *tries, c.tried, "%s: tried too seldom", f.name)
	if len(f.codes) > 0 && !f.ignored && f.blind == "" {
		assert.NotZero(t, c.theirs, "%s: no fault to Tekton", f.name)
	}
}
