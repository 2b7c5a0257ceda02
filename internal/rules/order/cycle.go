package order

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed cycle.md
var cycleText string

var cycle = &rule.Rule{
	Code:     "cycle",
	Severity: diag.Error,
	Topic:    "order",
	Text:     cycleText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			defaultCycles(p, t.Params)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			defaultCycles(p, s.Params)
			for _, names := range s.Graph().Cycles() {
				taskCycle(p, s, names)
			}
		}
	},
}

// taskCycle reports tasks that wait for each other, with the place of each
// dependency.
func taskCycle(p *rule.Pass, s *facts.PipelineSpec, names []string) {
	first := s.Hop(graph.Edge{Node: names[0], After: names[1%len(names)]})
	if len(names) == 1 { // the dependency is where the finding is
		why := "it reads its own result"
		if inRunAfter(first) {
			why = "it is in its own runAfter"
		}
		p.Error(first, names[0], "task "+phrase.Quote(names[0])+" waits for itself: "+why, "remove this dependency")
		return
	}
	hops := make([]diag.Related, len(names))
	quoted := make([]string, 0, len(names)+1)
	for i, n := range names {
		after := names[(i+1)%len(names)]
		hop := s.Hop(graph.Edge{Node: n, After: after})
		why := "reads a result of task " + phrase.Quote(after)
		if inRunAfter(hop) {
			why = "runs after task " + phrase.Quote(after)
		}
		hops[i] = hop.Related("task " + phrase.Quote(n) + " " + why)
		quoted = append(quoted, phrase.Quote(n))
	}
	quoted = append(quoted, quoted[0])
	p.Error(first, names[0], "these tasks wait for each other: "+strings.Join(quoted, " after "), "remove one of these dependencies", hops...)
}

// inRunAfter reports whether a spot is an item of runAfter.
func inRunAfter(s facts.Spot) bool {
	return s.Path.Last().Kind == diag.IndexSegment && s.Path.Parent().Last() == diag.Segment{Name: "runAfter"}
}

// defaultCycles reports params whose defaults refer to each other. Variables in such
// a cycle are not replaced.
func defaultCycles(p *rule.Pass, params *facts.ParamScope) {
	if !slices.ContainsFunc(params.List, func(d *facts.Param) bool { return d.Default != nil && tekref.Contains(d.Default.StringVal) }) {
		return
	}
	const open, done = 1, 2
	state := map[*facts.Param]int{}
	var trail []*facts.Param
	var visit func(*facts.Param)
	visit = func(d *facts.Param) {
		state[d] = open
		trail = append(trail, d)
		for _, next := range neededBy(d, params) {
			switch state[next] {
			case open:
				var names []string
				for _, in := range trail[slices.Index(trail, next):] {
					names = append(names, phrase.Quote(in.Name))
				}
				names = append(names, phrase.Quote(next.Name))
				p.Error(next.Spot.Field("default"), next.Name, "the default of param "+phrase.Quote(next.Name)+" refers to itself: "+strings.Join(names, " uses "),
					"give one of them a default without a variable")
			case done:
			default:
				visit(next)
			}
		}
		state[d], trail = done, trail[:len(trail)-1]
	}
	for _, d := range params.List {
		if state[d] == 0 {
			visit(d)
		}
	}
}

// neededBy returns the params of the same list that the default of a param uses.
func neededBy(d *facts.Param, params *facts.ParamScope) []*facts.Param {
	if d.Default == nil || !tekref.Contains(d.Default.StringVal) {
		return nil
	}
	var out []*facts.Param
	for m := range tekref.Scan(d.Default.StringVal) {
		if v := tekref.Parse(m.Expr); v.Kind == tekref.Param && !m.Open {
			if next := params.Own(v.Name); next != nil && (next != d || params.Outer.Find(d.Name) == nil) {
				out = append(out, next)
			}
		}
	}
	return out
}
