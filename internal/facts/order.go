package facts

import (
	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/graph"
)

// ResultRead is a $(...) of a pipeline task, or of its embedded spec, that reads a
// result of another task.
type ResultRead struct {
	Use   *Use
	Owner *PipelineTask // the task of the result, which is not in finally
	// Embedded reports whether it is in the embedded spec.
	Embedded bool
	// Waits reports whether this use makes Tekton wait for the owner and fetch the
	// result.
	Waits bool
}

// ResultReads returns the uses of results of other tasks that exist and that the
// task can read: first those of the task itself, then those of its embedded spec.
func (t *PipelineTask) ResultReads() []ResultRead {
	t.Spot.Entry.set.asked(Results)
	if t.readDone {
		return t.reads
	}
	t.readDone = true
	add := func(u *Use, embedded, waits bool) {
		if owner := t.Pipeline.byName[u.Var.Owner]; owner != nil && !owner.Finally {
			t.reads = append(t.reads, ResultRead{u, owner, embedded, waits})
		}
	}
	uses := t.Uses()
	for i := range uses {
		if u := &uses[i]; u.Role == Substituted && u.Var.Kind == tekref.TaskResult && u.Var.Fault == "" && u.Replaced() {
			add(u, false, substitution.Waits(substitution.PipelineTask, u.Text.Field))
		}
	}
	if t.Inner != nil {
		uses := t.Inner.Uses()
		for i := range uses {
			if u := &uses[i]; u.Var.Kind == tekref.TaskResult && u.IsVariable() {
				add(u, true, waitsInSpec(u.Text.Field))
			}
		}
	}
	return t.reads
}

// Waits reports whether Tekton fetches a result for the task.
func (t *PipelineTask) Waits(owner, result string) bool {
	for _, r := range t.ResultReads() {
		if r.Waits && r.Owner.Name == owner && r.Use.Var.Name == result {
			return true
		}
	}
	return false
}

// Producers returns the names of the tasks whose results the task reads and that
// Tekton therefore waits for, sorted.
func (t *PipelineTask) Producers() []string {
	names := map[string]bool{}
	for _, r := range t.ResultReads() {
		if r.Waits {
			names[r.Owner.Name] = true
		}
	}
	return sortedKeys(names)
}

// pipelineOrder is the order of the tasks.
type pipelineOrder struct {
	graph *graph.Graph
	hops  map[graph.Edge]Spot
}

// Graph returns the order of the tasks outside finally: which task runs after which,
// because of results or runAfter.
func (p *PipelineSpec) Graph() *graph.Graph { return p.ordered().graph }

// Hop returns the place of an edge of the graph, the first if there are several.
func (p *PipelineSpec) Hop(e graph.Edge) Spot { return p.ordered().hops[e] }

func (p *PipelineSpec) ordered() *pipelineOrder {
	p.Set().asked(Order)
	if p.order != nil {
		return p.order
	}
	o := &pipelineOrder{graph: graph.New(), hops: map[graph.Edge]Spot{}}
	p.order = o
	for _, t := range p.Tasks {
		if !t.Finally && p.byName[t.Name] == t {
			o.graph.AddNodes(t.Name)
		}
	}
	add := func(t, after *PipelineTask, s Spot) {
		e := graph.Edge{Node: t.Name, After: after.Name}
		if _, ok := o.hops[e]; !ok {
			o.hops[e] = s
		}
		o.graph.AddEdge(t.Name, after.Name)
	}
	for _, inner := range [...]bool{false, true} { // if both cause it, the task itself counts
		for _, t := range p.Tasks {
			if t.Finally {
				continue
			}
			for _, r := range t.ResultReads() {
				if r.Waits && r.Embedded == inner {
					add(t, r.Owner, r.Use.Spot)
				}
			}
		}
	}
	for _, t := range p.Tasks {
		if t.Finally {
			continue
		}
		for i, name := range t.RunAfter {
			if after := p.byName[name]; after != nil && !after.Finally {
				add(t, after, t.Spot.Index("runAfter", i))
			}
		}
	}
	return o
}

// Before reports whether b always runs after a.
func (p *PipelineSpec) Before(a, b *PipelineTask) bool {
	if a.Finally || b.Finally {
		return !a.Finally && b.Finally
	}
	return p.Graph().Reaches(a.Name, b.Name)
}
