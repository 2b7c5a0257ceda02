package flow

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// random is a pipeline made at random, of which the checks find nothing wrong.
type random struct {
	*rand.Rand
	p      *builder.Pipeline
	nodes  []builder.TaskOutput
	names  []string
	texts  []builder.String
	lists  []builder.Array
	maps   []builder.Object
	copies map[string]int // of tasks with a matrix
}

func pick[T any](r *random, from []T) (item T) {
	if len(from) == 0 || r.IntN(4) == 0 {
		return item
	}
	return from[r.IntN(len(from))]
}

// text is a value of any origin.
func (r *random) text() builder.String {
	if o := pick(r, r.maps); r.IntN(3) == 0 {
		if url := o.Key("url"); url != "" {
			return url + "/x"
		}
	}
	return "text " + pick(r, r.texts)
}

func (r *random) take() Take {
	k := Take{Text: r.text(), List: pick(r, r.lists), Map: pick(r, r.maps)}
	if r.IntN(2) == 0 {
		k.List = builder.Strings(r.text(), r.text())
	}
	if r.IntN(2) == 0 {
		k.Map = builder.ObjectOf(map[string]builder.String{"url": r.text(), "digest": "d"})
	}
	return k
}

// add adds a task that takes what some of those before it leave.
func (r *random) add(i int) {
	name := fmt.Sprintf("task-%d", i)
	r.names = append(r.names, name)
	var node *builder.PipelineTask
	switch r.IntN(4) {
	case 0:
		made := builder.Add(r.p, name, Make{})
		r.texts, r.lists, r.maps = append(r.texts, made.Text), append(r.lists, made.List), append(r.maps, made.Map)
		node = made.PipelineTask
	case 1:
		worked := builder.Add(r.p, name, Work{In: builder.Strings(r.text(), r.text())})
		r.texts = append(r.texts, worked.Out)
		node = worked.PipelineTask
	case 2:
		node = builder.Add(r.p, name, r.take())
	case 3:
		// What stands in for a task leaves two items in each array result.
		axis, copies := builder.Strings("a", "b", "c"), 3
		if l := pick(r, r.lists); r.IntN(2) == 0 && l != (builder.Array{}) {
			axis, copies = l, 2
		}
		fan := builder.AddMatrix(r.p, name, Shard{Part: builder.Each(axis), Flags: r.text()})
		r.copies[name] = copies
		// The array of what they leave is no axis: its length is not known here.
		if r.IntN(2) == 0 {
			builder.Add(r.p, name+"-join", Work{In: fan.Collect(func(s Sharded) builder.String { return s.Report })})
			r.names = append(r.names, name+"-join")
		}
		node = fan.PipelineTask
	}
	if len(r.nodes) > 0 && r.IntN(3) == 0 {
		node.After(r.nodes[r.IntN(len(r.nodes))])
	}
	r.nodes = append(r.nodes, node)
}

func generate(seed uint64) *random {
	r := &random{Rand: rand.New(rand.NewPCG(seed, 1)), p: builder.NewPipeline("random"), copies: map[string]int{}}
	for i := range 3 + r.IntN(4) {
		r.add(i)
	}
	for i := range r.IntN(3) {
		builder.AddFinally(r.p, fmt.Sprintf("last-%d", i), r.take())
	}
	return r
}

// TestRandom runs pipelines made at random, with a task that fails in every
// third: they are as good as the checks say, and go as the pictures say.
func TestRandom(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := generate(seed)
			set := manifest.New(r.p.Run("random-1"))
			require.Empty(t, set.Findings())
			p := pictureOf(t, set, "Pipeline random")
			fail := ""
			if seed%3 == 2 {
				fail = r.names[r.IntN(len(r.names))]
			}
			run := start(t, set)
			lockstep(t, run, p, seed, r.copies, fail)
			last := slices.Clone(finally(p))
			if fail != "" { // those that take a result that is not there are skipped
				assert.True(t, run.Drain().Status.GetCondition("Succeeded").IsFalse())
				return
			}
			for ; len(last) > 0; last = last[1:] {
				run.Running(slices.Clone(last)...)[0].Succeed(nil)
			}
			assert.True(t, run.Over().Status.GetCondition("Succeeded").IsTrue())
		})
	}
}
