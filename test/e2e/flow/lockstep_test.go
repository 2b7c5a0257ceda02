package flow

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// pictureOf is what the library says of the order in a Pipeline, or in a
// PipelineRun that has one of its own: "Pipeline release".
func pictureOf(t *testing.T, set *manifest.Set, title string) graph.Diagram {
	t.Helper()
	pictures, err := set.Diagrams()
	require.NoError(t, err)
	i := slices.IndexFunc(pictures, func(p graph.Diagram) bool { return p.Title == title })
	require.GreaterOrEqual(t, i, 0, "no picture %q", title)
	return pictures[i]
}

// finally are the nodes of the picture's box of that name.
func finally(p graph.Diagram) []string {
	for _, b := range p.Subgraphs {
		if b.Title == "finally" {
			return b.Nodes
		}
	}
	return nil
}

// lockstep ends the tasks of a run one by one, in an order drawn from the seed.
// Before each, exactly those tasks must run of which the picture says that all
// before them are over: no more, so that every edge holds, and no fewer, so
// that what has no order runs side by side. A task of a matrix runs as often as
// copies says. The task that fail names fails, and then none begins any more.
func lockstep(t *testing.T, run *harness.Play, p graph.Diagram, seed uint64, copies map[string]int, fail string) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	final := finally(p)
	over := map[string]int{}
	count := func(n string) int { return max(1, copies[n]) }
	ready := func() (names []string) {
		for _, n := range p.Graph.Nodes() {
			waits := slices.ContainsFunc(p.Graph.After(n), func(a string) bool { return over[a] < count(a) })
			if !waits && !slices.Contains(final, n) {
				names = append(names, slices.Repeat([]string{n}, count(n)-over[n])...)
			}
		}
		return names
	}
	for want, failed := ready(), false; len(want) > 0; {
		held := run.Running(want...)
		next := held[random.IntN(len(held))]
		over[next.Task]++
		if next.Task == fail {
			failed = true
			next.Fail(3)
		} else {
			next.Succeed(nil)
		}
		if i := slices.Index(want, next.Task); failed {
			want = slices.Delete(want, i, i+1)
		} else {
			want = ready()
		}
	}
}
