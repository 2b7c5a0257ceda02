package facts

import (
	"reflect"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// call is what a reference to a Task, a Pipeline or a StepAction passes, and what is read
// of its results.
type call struct {
	spot       Spot                    // of what has the reference
	params     map[string]v1.ParamType // "" if the type is not known
	workspaces map[string]bool
	results    []tekref.Variable
	matrix     bool // it runs several times, so that the results are lists
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
// workspaces that the call passes and the results that are read, with their types, or else
// the one that differs least.
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
		known := s.attempts[root]
		again := slices.ContainsFunc(known, func(a attempt) bool { return a.path.Equal(path) })
		if len(known) < maxCandidates && !again {
			s.attempts[root] = append(known, attempt{path, best, others})
		}
	}
	return best
}

// misfits counts the params, workspaces and results in which the definition of an object
// differs from what a call passes and reads.
func (c *call) misfits(e *Entry) (n int) {
	workspaces := map[string]bool{} // whether it is required
	var results map[string]*v1.TaskResult
	switch {
	case e.Task != nil:
		for _, w := range e.Task.Spec.Workspaces {
			workspaces[w.Name] = !w.Optional
		}
		results = e.taskDefinition().Results
	case e.Pipeline != nil:
		for _, w := range e.Pipeline.Spec.Workspaces {
			workspaces[w.Name] = !w.Optional
		}
	case e.StepAction != nil:
		results = make(map[string]*v1.TaskResult, len(e.StepAction.Spec.Results))
		for i := range e.StepAction.Spec.Results {
			r := &e.StepAction.Spec.Results[i]
			results[r.Name] = &v1.TaskResult{Name: r.Name, Type: r.Type, Properties: r.Properties}
		}
	}
	declared := e.Params()
	for _, p := range declared.List {
		typ, passed := c.params[p.Name]
		if !passed && p.Default == nil || passed && typ != "" && p.Type != typ {
			n++
		}
	}
	for name := range c.params {
		if declared.Own(name) == nil {
			n++
		}
	}
	for name, required := range workspaces {
		if required && !c.workspaces[name] {
			n++
		}
	}
	for name := range c.workspaces {
		if _, ok := workspaces[name]; !ok {
			n++
		}
	}
	if e.Pipeline != nil {
		return n // no task reads them
	}
	for _, v := range c.results {
		if r := results[v.Name]; r == nil || !c.matrix && v.Kind != tekref.ResultPath && !reads(v, r) {
			n++
		}
	}
	return n
}

// reads reports whether a variable fits the type of a result.
func reads(v tekref.Variable, r *v1.TaskResult) bool {
	typ := ResultType(r.Type, r.Properties)
	switch {
	case v.Key != "":
		_, ok := r.Properties[v.Key]
		return typ == v1.ParamTypeObject && ok
	case v.Index >= 0:
		return typ == v1.ParamTypeArray
	case v.Star:
		return typ != v1.ParamTypeString
	}
	return typ == v1.ParamTypeString
}

// called returns what the task passes, and what the pipeline reads of it.
func (t *PipelineTask) called() call {
	c := newCall(t.Spot)
	c.add(t.PipelineTask.Params, t.Pipeline.TypeOf)
	if m := t.PipelineTask.Matrix; m != nil {
		for _, p := range m.GetAllParams() {
			c.params[p.Name] = v1.ParamTypeString
		}
	}
	for _, w := range t.PipelineTask.Workspaces {
		c.workspaces[w.Name] = true
	}
	c.results, c.matrix = t.Pipeline.readResults()[t.Name], t.IsMatrixed()
	uses := t.Uses()
	for i := range uses {
		if u := &uses[i]; u.Var.Kind == tekref.ResultPath && u.Var.Fault == "" && Deferred(u.Text.Field) {
			c.results = append(slices.Clip(c.results), u.Var)
		}
	}
	return c
}

// readResults returns what the texts of the pipeline read of the results of each task, by
// its name. It needs no definition of a task.
func (p *PipelineSpec) readResults() map[string][]tekref.Variable {
	if p.resultsRead != nil {
		return p.resultsRead
	}
	p.resultsRead = map[string][]tekref.Variable{}
	seen := map[[2]string]bool{}
	read := func(v tekref.Variable) {
		if key := [2]string{v.Owner, v.Expr}; v.Fault == "" && (v.Kind == tekref.TaskResult || v.Kind == tekref.FinallyResult) && !seen[key] {
			seen[key] = true
			p.resultsRead[v.Owner] = append(p.resultsRead[v.Owner], v)
		}
	}
	for _, t := range p.Tasks {
		uses := t.Uses()
		for i := range uses {
			read(uses[i].Var)
		}
		if t.TaskSpec == nil {
			continue
		}
		for _, text := range scan(reflect.ValueOf(&t.TaskSpec.TaskSpec), t.Spot.Field("taskSpec")).texts {
			for m := range tekref.Scan(text.Value) {
				read(tekref.Parse(m.Expr))
			}
		}
	}
	for i := range p.Spec.Results {
		uses := p.ResultUses(i)
		for j := range uses {
			read(uses[j].Var)
		}
	}
	return p.resultsRead
}

// calledBy returns what a step passes to its StepAction, and what the spec reads of it.
func (t *TaskSpec) calledBy(step *v1.Step) call {
	if t.stepReads == nil {
		t.stepIndex = make(map[*v1.Step]int, len(t.Spec.Steps))
		for i := range t.Spec.Steps {
			t.stepIndex[&t.Spec.Steps[i]] = i
		}
		t.stepReads = map[string][]tekref.Variable{}
		uses := t.Uses()
		for i := range uses {
			if v := uses[i].Var; v.Kind == tekref.StepResult && v.Fault == "" {
				t.stepReads[v.Owner] = append(t.stepReads[v.Owner], v)
			}
		}
	}
	c := newCall(t.Spot.Index("steps", t.stepIndex[step]))
	c.add(step.Params, t.TypeOf)
	c.results = t.stepReads[step.Name]
	return c
}

// called returns what a run passes.
func (e *Entry) called() call {
	c := newCall(e.At("spec"))
	switch {
	case e.Run != nil:
		c.add(e.Run.Spec.Params, nil)
		c.bind(e.Run.Spec.Workspaces)
	case e.TaskRun != nil:
		c.add(e.TaskRun.Spec.Params, nil)
		c.bind(e.TaskRun.Spec.Workspaces)
	}
	return c
}

func newCall(s Spot) call {
	return call{spot: s, params: map[string]v1.ParamType{}, workspaces: map[string]bool{}}
}

func (c *call) add(params v1.Params, of TypeOf) {
	for i := range params {
		typ, ok := ValueType(&params[i].Value, of)
		if !ok {
			typ = ""
		}
		c.params[params[i].Name] = typ
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
