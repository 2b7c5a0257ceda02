package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
)

// This file finds the params that reach embedded specs without a declaration. Tekton
// replaces them there, so a value is only ignored if nothing reads it.

// paramReads are the params that texts read.
type paramReads struct {
	names map[string]bool // with whether the spec that reads them declares them
	any   bool            // part of what reads them is not known

	strays     []string // names that no spec declares
	straysDone bool
}

func newParamReads() *paramReads { return &paramReads{names: map[string]bool{}} }

// add adds what variables read. One may read a key of an object, or a param with a dot in
// its name. A name that is not complete yet can become any.
func (r *paramReads) add(uses []Use, declared *ParamScope) {
	for i := range uses {
		u := &uses[i]
		switch {
		case isParam(u) && !u.Open:
			r.names[u.Var.Name] = r.names[u.Var.Name] || declared.Find(u.Var.Name) != nil
			if u.Var.Key != "" {
				r.names[u.Var.Name+"."+u.Var.Key] = true
			}
		case strings.HasPrefix(u.Expr, "params") && (u.Open || strings.Contains(u.Expr, "{{")):
			r.any = true
		}
	}
}

// join adds what other texts read.
func (r *paramReads) join(o *paramReads) {
	r.any = r.any || o.any
	for name, declared := range o.names {
		r.names[name] = r.names[name] || declared
	}
}

// may reports whether the param may be read, or is most likely meant by a name that is
// read and not declared, so that one mistake is reported once.
func (r *paramReads) may(name string) bool {
	if _, ok := r.names[name]; ok || r.any {
		return true
	}
	if !r.straysDone {
		r.straysDone = true
		for _, read := range sortedKeys(r.names) {
			if !r.names[read] {
				r.strays = append(r.strays, read)
			}
		}
	}
	return suggest.Name(name, r.strays) != ""
}

// paramsRead returns the params that the texts of the spec read. Tekton puts StepActions
// into the steps before it replaces the params of the Task.
func (t *TaskSpec) paramsRead() *paramReads {
	if t.memoReads != nil {
		return t.memoReads
	}
	r := newParamReads()
	t.memoReads = r
	t.find()
	r.add(t.uses, t.Params)
	for i := range t.Spec.Steps {
		step := &t.Spec.Steps[i]
		if step.Ref == nil {
			continue
		}
		action := t.ActionOf(step)
		if action == nil {
			r.any = true
			break
		}
		spec := action.TaskSpec()
		spec.find()
		r.add(spec.uses, spec.Params)
	}
	return r
}

// embedded returns the Task spec that the task runs as an embedded one, because it is, or
// because Pipelines-as-Code puts it there; nil for others.
func (t *PipelineTask) embedded() *TaskSpec {
	switch {
	case t.Inner != nil:
		return t.Inner
	case t.IsPutInto():
		return t.namedTask()
	}
	return nil
}

// readByRuns returns the params that the runs of the pipeline read: in their pod templates
// and bindings, Tekton replaces the params of each TaskRun.
func (p *PipelineSpec) readByRuns() *paramReads {
	if p.byRuns != nil {
		return p.byRuns
	}
	r := newParamReads()
	p.byRuns = r
	e := p.Entry()
	if e.Run != nil {
		r.add(e.allRunUses(), p.Params)
		return r
	}
	for _, a := range e.holders() {
		r.add(a.run.allRunUses(), p.Params)
	}
	return r
}

// paramsRead returns the params that the pipeline and the Task specs that are embedded in it
// read.
func (p *PipelineSpec) paramsRead() *paramReads {
	if p.memoReads != nil {
		return p.memoReads
	}
	r := newParamReads()
	p.memoReads = r
	r.join(p.readByRuns())
	p.valueUses()
	r.add(p.defaultUses, p.Params)
	for _, uses := range p.resultUses {
		r.add(uses, p.Params)
	}
	for _, t := range p.Tasks {
		r.add(t.allUses(), p.Params)
		spec := t.embedded()
		switch {
		case spec != nil:
			r.join(spec.paramsRead())
		case t.TaskRef == nil, t.TaskRef.Resolver == "" && t.Runs.Spec == nil:
			r.any = true // it is not known, or it is of another kind
		}
	}
	return r
}

// propagated leaves out the values that an embedded spec reads without declaring them. It
// ignores the others, like any Task. A value whose name is similar to one that is read and
// not declared is left out too, so that one mistake is reported once.
func (p *Passing) propagated(reads ...*paramReads) {
	var values v1.Params
	var at []int
	for i, v := range p.Values {
		if p.Target.index[v.Name] != nil || !slices.ContainsFunc(reads, func(r *paramReads) bool { return r.may(v.Name) }) {
			values, at = append(values, v), append(at, i)
		}
	}
	p.Values, p.indexes, p.Embedded = values, at, true
	for name := range p.Matrix {
		if p.Target.index[name] == nil {
			delete(p.Matrix, name) // it may be there only for the number of runs
		}
	}
}
