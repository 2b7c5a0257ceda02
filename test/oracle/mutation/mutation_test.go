package mutation

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/rule"
)

var every = flag.Int("every", 8, "one mutant of so many is tried; 1 tries all")

// floors are the kill rates in percent that were measured, of all mutants, with
// the excused ones among them, of the default share and of all: a rule that is
// lost shows here, be what it found excused or not.
var floors = map[string]float64{"release": 85, "image-build": 87, "multi-repo": 86, "gitops": 86, "first-steps": 85}

// tally counts what became of mutants.
type tally struct {
	tried, killed int            // by what a pedant is told
	audited       int            // by what only an auditor is told
	excused       map[string]int // by reason
	survivors     []string
}

func (c *tally) add(e *example, f file, m mutant, told rule.Persona) {
	c.tried++
	reason, ok := excused(m)
	switch {
	case told == rule.Pedantic:
		c.killed++
	case told != "":
		c.audited++
	case ok:
		if c.excused == nil {
			c.excused = map[string]int{}
		}
		c.excused[reason]++
	default:
		c.survivors = append(c.survivors, e.name+"/"+f.name+": "+m.String())
	}
}

// excused returns why a mutant may survive.
func excused(m mutant) (reason string, ok bool) {
	for _, x := range excuses {
		if slices.Contains(strings.Fields(x.operators), strings.ReplaceAll(m.operator, " ", "-")) && x.places.MatchString(m.place()) {
			return x.reason, true
		}
	}
	return "", false
}

// raw is the kill rate among all, audit the same for an auditor, and rate that among
// those that are not excused.
func (c *tally) raw() float64   { return percent(c.killed, c.tried) }
func (c *tally) audit() float64 { return percent(c.killed+c.audited, c.tried) }
func (c *tally) rate() float64 {
	return percent(c.killed+c.audited, c.killed+c.audited+len(c.survivors))
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }

// TestMutants breaks the examples, and holds that what can be found is.
func TestMutants(t *testing.T) {
	columns := map[string]*tally{}
	reasons := &tally{excused: map[string]int{}}
	whole := &tally{}
	for _, name := range []string{"release", "image-build", "multi-repo", "gitops", "first-steps"} {
		t.Run(name, func(t *testing.T) {
			e, err := load(name)
			require.NoError(t, err)
			require.Empty(t, e.known[rule.Pedantic], "the example itself has findings")
			all := e.try(t, columns)
			whole.tried, whole.killed, whole.audited = whole.tried+all.tried, whole.killed+all.killed, whole.audited+all.audited
			for reason, n := range all.excused {
				reasons.excused[reason] += n
			}
			t.Logf("%d mutants, %d killed: %.1f %% of all; %d more for an auditor: %.1f %%; %.1f %% of those that are not excused",
				all.tried, all.killed, all.raw(), all.audited, all.audit(), all.rate())
			assert.Empty(t, all.survivors, "no rule finds these")
			assert.GreaterOrEqual(t, all.raw(), floors[name], "a rule is lost")
		})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-24s %6s %6s %7s %9s %7s %7s %7s\n", "", "tried", "killed", "audited", "survivors", "of all", "auditor", "rate")
	for _, k := range sorted(columns) {
		c := columns[k]
		fmt.Fprintf(&b, "%-24s %6d %6d %7d %9d %6.1f%% %6.1f%% %6.1f%%\n", k, c.tried, c.killed, c.audited, len(c.survivors), c.raw(), c.audit(), c.rate())
	}
	fmt.Fprintf(&b, "%-24s %6d %6d %7d %9s %6.1f%% %6.1f%%\n", "all", whole.tried, whole.killed, whole.audited, "", whole.raw(), whole.audit())
	b.WriteString("\nsurvivors that nobody can find, by reason:\n")
	for _, k := range sorted(reasons.excused) {
		fmt.Fprintf(&b, "%6d %s\n", reasons.excused[k], k)
	}
	t.Log(b.String())
}

// try breaks each file of the example, and counts by operator too.
func (e *example) try(t *testing.T, columns map[string]*tally) (all tally) {
	var (
		wg sync.WaitGroup
		mu sync.Mutex
	)
	type job struct {
		file
		mutant
	}
	jobs := make(chan job)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for j := range jobs {
				told := e.kills(j.file.name, j.mutant)
				mu.Lock()
				all.add(e, j.file, j.mutant, told)
				for _, column := range []string{"operator " + j.operator, "example " + e.name} {
					if columns[column] == nil {
						columns[column] = &tally{}
					}
					columns[column].add(e, j.file, j.mutant, told)
				}
				mu.Unlock()
			}
		})
	}
	n := 0
	for _, f := range e.files {
		ms, err := mutants(f.data)
		require.NoError(t, err)
		for _, m := range ms {
			if n++; n%*every == 0 {
				jobs <- job{f, m}
			}
		}
	}
	close(jobs)
	wg.Wait()
	slices.Sort(all.survivors)
	return all
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
