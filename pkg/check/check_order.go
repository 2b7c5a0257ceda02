package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/graph"
)

// order builds the graph of the tasks and draws its cycles.
func (p *pipelineCheck) order() {
	p.graph = graph.New()
	for _, t := range p.tasks {
		if !t.finally && p.byName[t.Name] == t {
			p.graph.Node(t.Name)
		}
	}
	for _, e := range p.edges {
		p.graph.Edge(e.Node, e.After)
	}
	p.runAfter()
	for _, cycle := range p.graph.Cycles() {
		p.cycle(cycle)
	}
}

func (p *pipelineCheck) runAfter() {
	for _, t := range p.tasks {
		if t.finally {
			continue
		}
		for i, name := range t.RunAfter {
			s := t.spot.index("runAfter", i)
			after := p.byName[name]
			switch {
			case after == nil:
				p.fail(s, "task-unknown", name, t.label+" runs after task "+q(name)+", which "+p.label+" does not have", suggest(name, p.taskNames(), "add task "+q(name)+", or drop it from runAfter"))
			case after.finally:
				p.fail(s, "finally-misuse", name, t.label+" runs after task "+q(name)+", which runs in finally", "finally comes after all tasks: drop it from runAfter", after.spot.related("task "+q(name)))
			default:
				p.edge(t, after, s)
				p.graph.Edge(t.Name, name)
				p.afterGuard(t, after, s)
			}
		}
	}
}

// cycle reports a cycle, with the place of each hop.
func (p *pipelineCheck) cycle(names []string) {
	var hops []diag.Related
	var first spot
	for i, n := range names {
		after := names[(i+1)%len(names)]
		s := p.hops[graph.Edge{Node: n, After: after}]
		why := "reads a result of task " + q(after)
		if strings.Contains(s.path, ".runAfter[") {
			why = "runs after task " + q(after)
		}
		hops = append(hops, s.related("task "+q(n)+" "+why))
		if i == 0 {
			first = s
		}
	}
	message := "task " + q(names[0]) + " waits for itself"
	if len(names) > 1 {
		quotedNames := make([]string, 0, len(names)+1)
		for _, n := range append(names, names[0]) {
			quotedNames = append(quotedNames, q(n))
		}
		message = "these tasks wait for each other: " + strings.Join(quotedNames, " after ")
	}
	help := "take one of these hops away"
	if len(names) == 1 { // the place of the hop is that of the finding
		why := "it reads a result of its own"
		if strings.Contains(first.path, ".runAfter[") {
			why = "it runs after itself"
		}
		message, help, hops = message+": "+why, "take this away", nil
	}
	p.fail(first, "cycle", names[0], message, help, hops...)
}

// guardOf warns of a reader whose guard does not imply that of the producer:
// it is skipped, or left out, with it. Rows 30 and 31.
func (p *pipelineCheck) guardOf(t, owner *pipelineTask, s spot, m match) {
	if len(owner.When) == 0 || t == owner || t.guarded[owner.Name] || implies(t.When, owner.When) {
		return
	}
	if t.guarded == nil {
		t.guarded = map[string]bool{}
	}
	t.guarded[owner.Name] = true
	p.warn(s, "result-guarded", owner.Name, t.label+" reads "+m.String()+", so it is skipped whenever the guard of "+owner.label+" skips that",
		"give "+t.label+" the same guard, if that is meant", owner.spot.index("when", 0).related("its guard"))
}

// afterGuard notes that a guard skips its own task only: who merely runs after
// it runs all the same.
func (p *pipelineCheck) afterGuard(t, after *pipelineTask, s spot) {
	if len(after.When) == 0 || t == after || t.guarded[after.Name] || implies(t.When, after.When) {
		return
	}
	p.note(s, "order-guarded", after.Name, t.label+" also runs when the guard of "+after.label+" skips that",
		"give "+t.label+" the same guard, if that is not meant", after.spot.index("when", 0).related("its guard"))
}

// implies reports whether each of the needed guards is among those given.
func implies(given, needed v1.WhenExpressions) bool {
	have := map[string]bool{}
	for i := range given {
		have[guardText(&given[i])] = true
	}
	for i := range needed {
		if !have[guardText(&needed[i])] {
			return false
		}
	}
	return true
}

func guardText(w *v1.WhenExpression) string {
	return strings.Join(append([]string{w.CEL, w.Input, string(w.Operator)}, w.Values...), "\x00")
}
