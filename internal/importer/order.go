package importer

import (
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/tekref"
)

// options translates what a task of a pipeline sets besides its inputs.
func (b *pipelineBody) options(c *chain, t *pipelineTask) {
	pt := t.pt
	if pt.DisplayName != "" {
		c.do("DisplayName", plan.Text(pt.DisplayName))
	}
	if pt.Description != "" {
		c.do("Describe", plan.Text(pt.Description))
	}
	c.from(t.at)
	for i, w := range pt.When {
		if e := b.when(t, &w); e != nil {
			c.do("When", e)
		}
		c.from(fmt.Sprintf("%s.when[%d]", t.at, i))
	}
	if pt.Retries > 0 {
		c.do("Retries", plan.Int(pt.Retries))
		c.from(t.at + ".retries")
	}
	if pt.Timeout != nil {
		c.do("Timeout", plan.Span(pt.Timeout.Duration))
		c.from(t.at + ".timeout")
	}
	if pt.OnError == v1.PipelineTaskContinue {
		c.do("ContinueOnError")
	}
}

// outcomes are the constants for the values of a status.
var outcomes = map[string]plan.Const{"Succeeded": "Succeeded", "Failed": "Failed", "Completed": "Completed", "None": "None"}

func (b *pipelineBody) when(t *pipelineTask, w *v1.WhenExpression) plan.Expr {
	if w.CEL != "" {
		return plan.Fn("CEL", b.scope.text(w.CEL))
	}
	if w.Operator != "in" && w.Operator != "notin" {
		return nil
	}
	method := map[bool]string{true: "In", false: "NotIn"}[w.Operator == "in"]
	if v, ok := b.scope.only(w.Input); ok && t.final && (v.Kind == tekref.TaskStatus || v.Kind == tekref.TasksStatus) && v.Name != "reason" {
		if e := b.status(v, method, w.Values); e != nil {
			return e
		}
	}
	return plan.Method(b.scope.typedText(plan.String, w.Input), method, b.scope.items(w.Values)...)
}

// status returns a when expression on a status.
func (b *pipelineBody) status(v tekref.Variable, method string, values []string) plan.Expr {
	var args []plan.Expr
	for _, s := range values {
		c, ok := outcomes[s]
		if !ok || s == "Completed" && v.Kind == tekref.TaskStatus {
			return nil
		}
		args = append(args, c)
	}
	if v.Kind == tekref.TasksStatus {
		return plan.Method(plan.Method(b.p, "Status"), method, args...)
	}
	on := b.scope.status(v.Owner)
	if on == nil {
		return nil
	}
	return plan.Method(plan.Method(on, "Status"), method, args...)
}

// workspace returns a workspace for a task: as the last of the tasks before it that may
// have written to it left it, or that of the pipeline.
func (b *pipelineBody) workspace(t *pipelineTask, w *v1.WorkspacePipelineTaskBinding) plan.Expr {
	name := workspaceOf(w)
	declared := b.scope.spaces[name]
	if declared == nil && name != "" {
		declared = &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(name), "Workspace")}
		b.add(declared, plan.Method(b.p, "OuterWorkspace", plan.Text(name)))
		b.scope.spaces[name] = declared
	}
	if declared == nil {
		return nil
	}
	e := plan.Expr(declared)
	sub := w.SubPath
	if from, field := b.writer(t, name, sub); from != nil {
		t.after[from.pt.Name] = true
		for _, other := range from.pt.Workspaces {
			if workspaceOf(&other) == name && other.SubPath == sub {
				sub = "" // it is that of the handle
			}
		}
		e = from.v.Of(field)
	}
	if sub != "" {
		e = plan.Method(e, "SubPath", b.scope.text(sub))
	}
	return e
}

// workspaceOf returns the workspace of the pipeline that a binding uses: if it names none,
// the one with the name of the binding.
func workspaceOf(w *v1.WorkspacePipelineTaskBinding) string {
	if w.Workspace == "" {
		return w.Name
	}
	return w.Workspace
}

// part is a workspace of the pipeline, or what is below a sub-path of it.
type part struct{ workspace, subPath string }

// writers are the tasks that write to a part.
type writers struct {
	list []written
	set  same.Set
}

// written is an output of a task.
type written struct {
	task  *pipelineTask
	field string
	n     int // of all outputs
}

// writes notes to which workspaces a task that was added may write.
func (b *pipelineBody) writes(t *pipelineTask) {
	if t.final || t.typ == nil || t.pt.Matrix != nil {
		return
	}
	for i := range t.pt.Workspaces {
		w := &t.pt.Workspaces[i]
		in, ok := t.typ.workspaces[w.Name]
		if !ok || in.readOnly {
			continue
		}
		at := part{workspaceOf(w), w.SubPath}
		of := b.written[at]
		if of == nil {
			of = &writers{}
			b.written[at] = of
		}
		b.outputs++
		of.list, of.set = append(of.list, written{t, w.Name, b.outputs}), b.runs.With(of.set, t.index)
	}
}

// writer returns the only task that may have been the last to write to a workspace before
// t, and the field of its output. A task that writes to a whole workspace writes to each part.
func (b *pipelineBody) writer(t *pipelineTask, workspace, sub string) (*pipelineTask, string) {
	if t.final {
		return nil, ""
	}
	places := []*writers{b.written[part{workspace, ""}]}
	if sub != "" {
		places = append(places, b.written[part{workspace, sub}])
	}
	// Tasks are added after those before them: the last one that was added is the only candidate.
	var last written
	var sets []same.Set
	for _, of := range places {
		if of == nil {
			continue
		}
		sets = append(sets, of.set)
		for _, w := range slices.Backward(of.list) {
			if w.n < last.n {
				break
			}
			if b.runs.Before(t.index, w.task.pt.Name) {
				last = w
				break
			}
		}
	}
	if last.task == nil || !b.runs.Last(last.task.index, t.index, sets...) {
		return nil, ""
	}
	field := last.task.typ.space(last.field)
	if field == "" {
		return nil, ""
	}
	return last.task, field
}

// order adds After for the edges that neither results nor workspaces give.
func (b *pipelineBody) order(c *chain, t *pipelineTask) {
	if t.final {
		return
	}
	uses := *t.pt
	uses.RunAfter = nil
	for _, d := range uses.Deps() {
		t.after[d] = true
	}
	var after []plan.Expr
	for _, name := range t.pt.RunAfter {
		if other := b.byName[name]; other != nil && other.added && !other.final && !b.implied(t, name) {
			t.after[name] = true
			after = append(after, other.v)
		}
	}
	if len(after) > 0 {
		c.from(t.at)
		c.do("After", after...)
		c.from(t.at + ".runAfter")
	}
}

// implied reports whether a task runs after another one because of other edges.
func (b *pipelineBody) implied(t *pipelineTask, name string) bool {
	if t.after[name] {
		return true
	}
	for _, other := range b.runs.Direct(t.index) {
		if o := b.byName[other]; other != name && o != nil && o != t && !o.final && b.runs.Before(o.index, name) {
			return true
		}
	}
	return false
}
