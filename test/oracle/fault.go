package oracle

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// fault is one way to break a system.
type fault struct {
	name  string
	row   int      // of upstream.md 3.1, 0 for what the webhook knows
	codes []string // one of which we must report; none if it is no fault
	// ignored says that Tekton takes it and does nothing: we only warn.
	ignored bool
	// blind says why Tekton's code may not see it although it is one: then we
	// have to report it, as an error or a warning.
	blind string
	// do breaks the system, and returns the objects of which one has to be
	// named in a finding; none if there is nothing to break that way.
	do func(g *gen, s *system) []string
}

// faults is all of them.
var faults = slices.Concat(runFaults, paramFaults, shadowFaults, stepFaults, resultFaults, workspaceFaults, matrixFaults, orderFaults, specFaults)

// site is a place that can be broken, and the objects of which one is then at
// fault.
type site struct {
	where []string
	apply func()
}

// one breaks one of the sites.
func one(g *gen, sites []site) []string {
	s, ok := pick(g, sites)
	if !ok {
		return nil
	}
	s.apply()
	return s.where
}

// paramOf is the declaration of a param.
func paramOf(specs v1.ParamSpecs, name string) *v1.ParamSpec {
	for i := range specs {
		if specs[i].Name == name {
			return &specs[i]
		}
	}
	return nil
}

// passed is a value that a task of the Pipeline passes to its Task.
type passed struct {
	node  taskNode
	value *v1.ParamValue
	spec  *v1.ParamSpec
}

// passes lists the values that tasks of the Pipeline pass.
func (s *system) passes() []passed {
	var out []passed
	for _, n := range s.nodes() {
		for i := range n.Params {
			if spec := paramOf(n.spec.Params, n.Params[i].Name); spec != nil {
				out = append(out, passed{n, &n.Params[i].Value, spec})
			}
		}
	}
	return out
}

// replaced makes sites out of the values of a type that a task of the Pipeline
// passes, for each value that it could be replaced with.
func (s *system) replaced(t v1.ParamType, with func(n taskNode) []v1.ParamValue) []site {
	_, where := s.spec()
	var sites []site
	for _, p := range s.passes() {
		if p.spec.Type != t || len(p.spec.Enum) > 0 {
			continue
		}
		for _, v := range with(p.node) {
			sites = append(sites, site{[]string{where}, func() { *p.value = v }})
		}
	}
	return sites
}

// before lists the tasks of the Pipeline whose results a task may use.
func (s *system) before(n taskNode) []taskNode {
	var out []taskNode
	for _, m := range s.nodes() {
		if m.final || m.Name == n.Name {
			break
		}
		out = append(out, m)
	}
	return out
}

func drop[T any](items *[]T, i int) func() {
	return func() { *items = slices.Delete(slices.Clone(*items), i, i+1) }
}
