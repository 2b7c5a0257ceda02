package importer

import (
	"maps"
	"reflect"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// taskRun translates a TaskRun to a function, or nil if it refers to nothing that a
// TaskRun can run. A TaskRun is translated as a pipeline with a single task, whose
// workspaces are bound to volumes.
func (w *writer) taskRun(o *v1.TaskRun) *plan.Func {
	b := w.newPipelineBody(runName(&o.ObjectMeta), "", pipelineOf(o), newNames(w.index.names))
	b.names = newNames(w.index.names)
	t := b.tasks[0]
	switch {
	case o.Spec.TaskSpec != nil:
		t.typ = w.writeSpec(w.name("spec.taskSpec", w.index.Spelling.exported(embeddedTask(o)), "Task"), embeddedTask(o), o.Spec.TaskSpec, nil, nil, "spec.taskSpec", nil)
	case o.Spec.TaskRef != nil:
		t.typ = b.typeOf(t)
	}
	if t.typ == nil {
		return nil
	}
	var args []plan.Expr
	r := &runBody{w: w, text: b.scope}
	for i := range o.Spec.Workspaces {
		x := &o.Spec.Workspaces[i]
		if _, ok := t.typ.workspaces[x.Name]; !ok {
			continue
		}
		v := &plan.Var{Name: b.names.take(unexported(x.Name), "Workspace")}
		b.add(v, plan.Fn("NewWorkspace", plan.Text(x.Name)))
		b.scope.spaces[x.Name] = v
		args = append(args, r.binding(v, x))
	}
	task := plan.Make{Type: t.typ.Type, Fields: b.fields(t, o.Spec.Params)}
	c := &chain{plan.Fn("RunTask", append([]plan.Expr{plan.Text(t.pt.Name), task}, args...)...)}
	for i := range o.Spec.Params {
		p := &o.Spec.Params[i]
		if _, ok := t.typ.params[p.Name]; !ok {
			if e := b.scope.value(p.Value.Type, &p.Value); e != nil {
				c.do(passMethod(p.Value.Type), plan.Text(p.Name), e)
			}
		}
	}
	for i := range o.Spec.Workspaces {
		x := &o.Spec.Workspaces[i]
		if _, ok := t.typ.workspaces[x.Name]; !ok {
			c.do("PassWorkspace", r.binding(plan.Fn("NewWorkspace", plan.Text(x.Name)), x))
		}
	}
	taskRunOptions(c, o)
	w.mutate(c, "", reflect.TypeFor[v1.TaskRun]())
	return &plan.Func{
		Name: w.name("", w.index.Spelling.exported("run-"+t.pt.Name), ""), Says: "describes the TaskRun " + t.pt.Name, Body: b.body, Returns: c.e, Result: "*builder.TaskRun",
	}
}

// pipelineOf returns a pipeline with the task that a TaskRun runs.
func pipelineOf(o *v1.TaskRun) *v1.PipelineSpec {
	pt := v1.PipelineTask{Name: runName(&o.ObjectMeta), TaskRef: o.Spec.TaskRef, Params: o.Spec.Params}
	for _, x := range o.Spec.Workspaces {
		pt.Workspaces = append(pt.Workspaces, v1.WorkspacePipelineTaskBinding{Name: x.Name, Workspace: x.Name})
	}
	return &v1.PipelineSpec{Tasks: []v1.PipelineTask{pt}}
}

// embeddedTask returns a name for an embedded task, which has none.
func embeddedTask(o *v1.TaskRun) string {
	name := runName(&o.ObjectMeta)
	if len(words(name)) > 0 && name[len(name)-1] == '-' {
		return name[:len(name)-1]
	}
	return name
}

// taskRunOptions translates what a TaskRun sets besides params and workspaces.
func taskRunOptions(c *chain, o *v1.TaskRun) {
	if n := o.GenerateName; n != "" && n[len(n)-1] != '-' {
		c.do("GenerateName")
	}
	for _, k := range slices.Sorted(maps.Keys(o.Labels)) {
		c.do("Label", plan.Text(k), plan.Text(o.Labels[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(o.Annotations)) {
		c.do("Annotate", plan.Text(k), plan.Text(o.Annotations[k]))
	}
	if o.Spec.TaskSpec != nil {
		c.do("Embed")
	}
	if o.Spec.ServiceAccountName != "" {
		c.do("ServiceAccount", plan.Text(o.Spec.ServiceAccountName))
	}
	if o.Spec.Retries > 0 {
		c.do("Retries", plan.Int(o.Spec.Retries))
	}
	if o.Spec.Timeout != nil {
		c.do("Timeout", plan.Span(o.Spec.Timeout.Duration))
	}
	if o.Spec.PodTemplate != nil {
		c.do("Pod", plan.Literal{Value: *o.Spec.PodTemplate})
	}
	if x := o.Spec.ComputeResources; x != nil {
		requests(c, "Request", x.Requests)
		requests(c, "Limit", x.Limits)
	}
}
