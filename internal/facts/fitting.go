package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// call is what a reference to a Task or a Pipeline passes.
type call struct {
	spot       Spot // of what has the reference
	params     map[string]bool
	workspaces map[string]bool
}

// attempt is a reference that means one of several objects that are equally near, none of
// which fits what it passes.
type attempt struct {
	path   diag.Path
	chosen *Entry
	others []*Entry
}

// fitting returns the object to which a call refers. Of several that are equally near, such
// as the versions of a Task in a catalogue, it is the first that has the params and
// workspaces that the call passes, or else the one that differs least.
func (s *Set) fitting(kind, namespace, name string, from *Entry, c func() call) *Entry {
	first := s.Find(kind, namespace, name, from)
	if first == nil || s.united || len(s.index[[2]string{kind, name}]) < 2 || first.Dir() == "" {
		return first
	}
	all := s.candidates(kind, namespace, name, from)
	if len(all) < 2 || len(all) == maxCandidates && all[0].File() == all[len(all)-1].File() {
		return first
	}
	passed := c()
	best, least := first, -1
	for _, e := range all {
		if n := passed.misfits(e); least < 0 || n < least {
			best, least = e, n
		}
	}
	if least > 0 {
		root, path := passed.spot.Owner()
		if s.attempts == nil {
			s.attempts = map[*Entry][]attempt{}
		}
		var others []*Entry
		for _, e := range all {
			if e != best {
				others = append(others, e)
			}
		}
		if known := s.attempts[root]; len(known) < maxCandidates {
			s.attempts[root] = append(known, attempt{path, best, others})
		}
	}
	return best
}

// misfits counts the params and workspaces in which the definition of an object differs
// from what a call passes.
func (c *call) misfits(e *Entry) (n int) {
	params, workspaces := map[string]bool{}, map[string]bool{} // whether it is required
	switch {
	case e.Task != nil:
		for _, p := range e.Task.Spec.Params {
			params[p.Name] = p.Default == nil
		}
		for _, w := range e.Task.Spec.Workspaces {
			workspaces[w.Name] = !w.Optional
		}
	case e.Pipeline != nil:
		for _, p := range e.Pipeline.Spec.Params {
			params[p.Name] = p.Default == nil
		}
		for _, w := range e.Pipeline.Spec.Workspaces {
			workspaces[w.Name] = !w.Optional
		}
	}
	count := func(declared, passed map[string]bool) {
		for name, required := range declared {
			if required && !passed[name] {
				n++
			}
		}
		for name := range passed {
			if _, ok := declared[name]; !ok {
				n++
			}
		}
	}
	count(params, c.params)
	count(workspaces, c.workspaces)
	return n
}

// called returns what the task passes.
func (t *PipelineTask) called() call {
	c := call{t.Spot, map[string]bool{}, map[string]bool{}}
	c.add(t.PipelineTask.Params)
	if m := t.PipelineTask.Matrix; m != nil {
		c.add(m.Params)
		for _, include := range m.Include {
			c.add(include.Params)
		}
	}
	for _, w := range t.PipelineTask.Workspaces {
		c.workspaces[w.Name] = true
	}
	return c
}

// called returns what a run passes.
func (e *Entry) called() call {
	c := call{e.At("spec"), map[string]bool{}, map[string]bool{}}
	switch {
	case e.Run != nil:
		c.add(e.Run.Spec.Params)
		c.bind(e.Run.Spec.Workspaces)
	case e.TaskRun != nil:
		c.add(e.TaskRun.Spec.Params)
		c.bind(e.TaskRun.Spec.Workspaces)
	}
	return c
}

func (c *call) add(params v1.Params) {
	for i := range params {
		c.params[params[i].Name] = true
	}
}

func (c *call) bind(workspaces []v1.WorkspaceBinding) {
	for i := range workspaces {
		c.workspaces[workspaces[i].Name] = true
	}
}

// Tried returns the objects that are as near as the one to which the value at a path of an
// object refers, and that do not fit what it passes either.
func (s *Set) Tried(e *Entry, path diag.Path) []*Entry {
	for _, a := range s.attempts[e.Root()] {
		if path.HasPrefix(a.path) {
			return a.others
		}
	}
	return nil
}
