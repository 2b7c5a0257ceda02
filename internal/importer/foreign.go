package importer

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// Reference returns a text that is the same for references to the same Task. A reference whose
// params have variables of the pipeline is that of several Tasks.
func Reference(r *v1.TaskRef) string { return reference(r) }

// bound returns the type of a task whose Task is elsewhere, if another file of the package
// declares it; nil if none does, or if the task does not fit what the Task declares.
func (b *pipelineBody) bound(t *pipelineTask) *taskType {
	x := b.w.index
	key := reference(t.pt.TaskRef)
	found := x.Bound[key]
	if found == nil {
		return nil
	}
	task, ok := found.Object.(*v1.Task)
	u := use{b.spec, t.pt}
	if !ok || !x.suits(task, contract(task), []use{u}) {
		return nil
	}
	typ := x.foreign[key]
	if typ == nil {
		typ = x.foreignType(found, task)
		x.foreign[key] = typ
	}
	if !typ.takes(x, u) {
		return nil
	}
	x.usesBound[key] = true
	return typ
}

// Uses reports whether a task has the type that is bound for a reference.
func (x *Index) Uses(reference string) bool { return x.usesBound[reference] }

// foreignType returns the type that Bind writes for a Task.
func (x *Index) foreignType(found *Bound, task *v1.Task) *taskType {
	w := &binding{Bound: found, writer: writer{index: x}, spelling: found.Spelling}
	t := &taskType{
		Type:   w.task(task),
		params: map[string]inputField{}, workspaces: map[string]inputField{}, results: map[string]outputField{},
		names: w.outs, spaces: map[string]string{}, origin: map[string]string{}, index: x,
	}
	for i := range task.Spec.Params {
		p := typed(&task.Spec.Params[i])
		t.params[p.Name] = inputField{field: w.chosen["in.params."+p.Name], kind: p.Type}
	}
	for _, d := range task.Spec.Workspaces {
		t.workspaces[d.Name] = inputField{field: w.chosen["in.workspaces."+d.Name], readOnly: d.ReadOnly}
		if f, ok := w.chosen["out.workspaces."+d.Name]; ok {
			t.spaces[d.Name] = f
		}
	}
	for _, r := range task.Spec.Results {
		kind := v1.ParamType(r.Type)
		if kind == "" {
			kind = v1.ParamTypeString
		}
		t.results[r.Name] = outputField{w.chosen["out.results."+r.Name], kind}
	}
	return t
}

// isForeign reports whether another file of the package declares a type.
func (x *Index) isForeign(t *plan.Type) bool {
	for _, f := range x.foreign {
		if f.Type == t {
			return true
		}
	}
	return false
}
