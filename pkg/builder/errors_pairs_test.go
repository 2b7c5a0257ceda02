package builder_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// excuse is a reason why Build need not report a mistake next to another one. The
// names of mistakes are "" for any.
type excuse struct {
	hidden string // the code of the mistake that is not reported
	names  []string
	next   string // a code that is reported
	why    string
}

const (
	damaged  = "a damaged handle, or a value that is nil, may be that of any param or workspace"
	oneName  = "two tasks have one name, so it is not known which of them others wait for"
	supplied = "the second mistake supplies what is missing in the first one, or the same name in a wrong way"
	misspelt = "a single workspace that is unused, and a single one that is unknown, are one that is misspelt"
	oneThing = "both mistakes are in one object of this name, and only the first of its definitions is looked at"
)

var excuses = []excuse{
	{hidden: "param-unused", next: "task-invalid", why: damaged},
	{hidden: "param-unused", next: "stepaction-invalid", why: damaged},
	{hidden: "param-unused", next: "handle-sliced", why: damaged},
	{hidden: "param-unused", next: "handle-quoted", why: damaged},
	{hidden: "workspace-unused", next: "task-invalid", why: damaged},
	{hidden: "workspace-unused", next: "stepaction-invalid", why: damaged},
	{hidden: "workspace-unused", next: "handle-sliced", why: damaged},
	{hidden: "workspace-unused", next: "handle-quoted", why: damaged},
	{hidden: "workspace-unused", names: []string{"workspace never used", "workspace without a pipeline"}, why: misspelt},
	{hidden: "workspace-unordered", next: "task-duplicate", why: oneName},
	{hidden: "cycle", next: "task-duplicate", why: oneName},
	{hidden: "param-missing", names: []string{"argument twice", "arguments left out"}, why: supplied},
	{hidden: "param-missing", names: []string{"argument twice", "one argument left out"}, why: supplied},
	{hidden: "workspace-missing", names: []string{"arguments left out", "workspace for a workspace of a run"}, why: supplied},
	{hidden: "workspace-missing", names: []string{"arguments of a nested pipeline left out", "volume for a nested pipeline"}, why: supplied},
	{hidden: "workspace-unknown", names: []string{"isolated workspace of another task", "workspace without a pipeline"}, why: supplied},
	{hidden: "param-missing", names: []string{"definition that declares something else", "definition with more params"}, why: oneThing},
	{hidden: "definition-differs", next: "definition-differs", why: oneThing},
}

// TestPairs tests that mistakes do not hide each other: of any two, made in one
// pipeline, Build reports both.
func TestPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds thousands of pipelines")
	}
	all := slices.Concat(pipelineMistakes(), runMistakes(), taskMistakes(), wiringMistakes())
	alone := make([][]diag.Finding, len(all))
	own := make([]bool, len(all)) // it builds something else than the pipeline
	for i, m := range all {
		f := newFixture()
		m.make(f)
		own[i] = f.build != nil
		alone[i] = findings(t, f.errors())
	}
	pairs, used := 0, make([]bool, len(excuses))
	for i := range all {
		for j := range i {
			pair := []int{i, j}
			if (i+j)%2 == 0 { // the other order as well would take twice as long
				pair = []int{j, i}
			}
			if own[i] || own[j] {
				continue
			}
			f := newFixture()
			if callsite.Catch(func() { all[pair[0]].make(f); all[pair[1]].make(f) }) != nil {
				continue
			}
			pairs++
			got := map[string]bool{}
			codes := map[string]bool{}
			for _, f := range findings(t, f.errors()) {
				got[f.Code+": "+f.Message], codes[f.Code] = true, true
			}
			names := []string{all[pair[0]].name, all[pair[1]].name}
			slices.Sort(names)
			for _, k := range pair {
				for _, f := range alone[k] {
					want := f.Code + ": " + f.Message
					if got[want] {
						continue
					}
					x := slices.IndexFunc(excuses, func(x excuse) bool {
						return x.hidden == f.Code && (x.names == nil || slices.Equal(x.names, names)) && (x.next == "" || codes[x.next])
					})
					if x < 0 {
						t.Errorf("%q is hidden by %q: %s", all[k].name, strings.Join(names, ", "), want)
						continue
					}
					used[x] = true
				}
			}
		}
	}
	assert.Greater(t, pairs, 5_000)
	for i, x := range excuses {
		assert.True(t, used[i], "nothing needs the excuse for %s any more: %s", x.hidden, x.why)
	}
	t.Logf("%d pairs", pairs)
}
