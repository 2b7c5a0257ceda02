package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// Pass sets a string param that the task does not declare. It is for a task that is
// described elsewhere and declares more than Define does: see [Task.From] and
// [Task.Existing]. Any other task ignores the value, which Build reports as a warning
// (param-extra). The task runs after those whose results the value uses.
func (t *PipelineTask) Pass(name string, v String) *PipelineTask {
	return t.pass(callsite.Here(), &input{name: name, kind: stringKind, str: v})
}

// PassArray is like [PipelineTask.Pass], for an array.
func (t *PipelineTask) PassArray(name string, v Array) *PipelineTask {
	return t.pass(callsite.Here(), &input{name: name, kind: arrayKind, array: v})
}

// PassObject is like [PipelineTask.Pass], for an object.
func (t *PipelineTask) PassObject(name string, v Object) *PipelineTask {
	return t.pass(callsite.Here(), &input{name: name, kind: objectKind, object: v})
}

// PassWorkspace binds a workspace that the task does not declare to one of the pipeline. It
// is for a task that is described elsewhere and declares more than Define does, or whose
// embedded steps use a workspace that is not declared. With any other task the run fails, and
// Build reports an error (workspace-unknown). The task runs after the one that left the
// workspace in this state.
func (t *PipelineTask) PassWorkspace(name string, w Workspace) *PipelineTask {
	if t == nil || t.scope == nil {
		return t
	}
	at := callsite.Here()
	for _, m := range t.workspaces {
		if m.decl.name == name {
			t.scope.reportf(at, "workspace-duplicate", "PassWorkspace binds workspace %s of task %s, which is bound already", quote(name), quote(t.name)).
				Help = "remove the call"
			return t
		}
	}
	d := &mountDecl{at: at, name: name}
	t.workspaces = append(t.workspaces, &mounted{at: at, decl: d, from: w, passed: true})
	t.checkWorkspace(at, "workspace "+quote(name), w)
	return t
}

func (t *PipelineTask) pass(at place, in *input) *PipelineTask {
	if t == nil || t.scope == nil {
		return t
	}
	in.at, in.passed = at, true
	for _, other := range t.params {
		if other.name == in.name {
			t.scope.reportf(at, "param-duplicate", "Pass sets param %s of task %s, which is declared or set already", quote(in.name), quote(t.name)).
				Help = "set the field of the task type, or remove the call"
			return t
		}
	}
	if in.kind == stringKind && in.str == "" {
		in.str = handle.Empty
	}
	if !t.passAxis(in) {
		return t
	}
	t.params = append(t.params, in)
	t.checkBound(in)
	return t
}

// passAxis reports whether Pass may set a param to this value: an axis that nothing else
// uses, or a value without one. The task cannot join what it does not declare.
func (t *PipelineTask) passAxis(in *input) bool {
	if in.kind != stringKind || !t.matrixed || t.task == nil {
		return true
	}
	axes, _ := withoutAxes(in.str)
	if axes == nil {
		return true
	}
	if _, whole := handle.Single(string(in.str)); !whole {
		t.scope.reportf(in.at, "each-misplaced", "Pass joins axis %s to other text in param %s of task %s, which the task does not declare", quote(axes[0].Name), quote(in.name), quote(t.name)).
			Help = "declare the param in Define, or pass Each or Axis as the whole value"
		t.axisLost = true
		return false
	}
	if a, used := t.task.joined.axes[axes[0].Name]; used {
		t.scope.reportf(in.at, "each-misplaced", "Pass sets param %s of task %s to axis %s, which is param %s already", quote(in.name), quote(t.name), quote(axes[0].Name), quote(a.param)).
			Help = "declare both params in Define: one param of a matrix cannot be set to the item of another"
		return false
	}
	t.task.setAxis(axes[0], &paramDecl{name: in.name})
	return true
}

// Pass is like [PipelineTask.Pass].
func (f *FinallyTask[Out]) Pass(name string, v String) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.pass(callsite.Here(), &input{name: name, kind: stringKind, str: v})
	}
	return f
}

// PassArray is like [PipelineTask.PassArray].
func (f *FinallyTask[Out]) PassArray(name string, v Array) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.pass(callsite.Here(), &input{name: name, kind: arrayKind, array: v})
	}
	return f
}

// PassObject is like [PipelineTask.PassObject].
func (f *FinallyTask[Out]) PassObject(name string, v Object) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.pass(callsite.Here(), &input{name: name, kind: objectKind, object: v})
	}
	return f
}

// PassWorkspace is like [PipelineTask.PassWorkspace].
func (f *FinallyTask[Out]) PassWorkspace(name string, w Workspace) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.PassWorkspace(name, w)
	}
	return f
}

// Pass sets a string param that the pipeline does not declare. It is for a pipeline that is
// described elsewhere and declares more than is declared here: see [RemotePipeline]. Any
// other pipeline ignores the value, which Build reports as a warning (param-extra).
func (r *PipelineRun) Pass(name string, v String) *PipelineRun {
	if r != nil {
		r.args = append(r.args, &paramArg{at: callsite.Here(), name: name, kind: stringKind, str: v})
	}
	return r
}

// PassArray is like [PipelineRun.Pass], for an array.
func (r *PipelineRun) PassArray(name string, v Array) *PipelineRun {
	if r != nil {
		r.args = append(r.args, &paramArg{at: callsite.Here(), name: name, kind: arrayKind, array: v})
	}
	return r
}

// PassObject is like [PipelineRun.Pass], for an object.
func (r *PipelineRun) PassObject(name string, v Object) *PipelineRun {
	if r != nil {
		r.args = append(r.args, &paramArg{at: callsite.Here(), name: name, kind: objectKind, object: v})
	}
	return r
}

// PassWorkspace binds a workspace that the pipeline does not declare. It is for the same
// pipelines as [PipelineRun.Pass]. Any other ignores the volume (workspace-extra).
//
//	run.PassWorkspace(builder.NewWorkspace("cache").PVC("cache"))
func (r *PipelineRun) PassWorkspace(b *WorkspaceBinding) *PipelineRun {
	if r != nil && b != nil {
		passed := *b
		passed.passed = true
		r.args = append(r.args, &passed)
	}
	return r
}

// PassWorkspace binds a workspace that the task does not declare, as
// [PipelineRun.PassWorkspace] does. It is for a task that is described elsewhere and declares
// more than Define does.
func (r *TaskRun) PassWorkspace(b *WorkspaceBinding) *TaskRun {
	if r != nil && b != nil {
		passed := *b
		passed.passed = true
		r.args = append(r.args, &passed)
	}
	return r
}

// Pass is like [PipelineTask.Pass], for the task of the run.
func (r *TaskRun) Pass(name string, v String) *TaskRun {
	if r != nil {
		r.pipelineTask.pass(callsite.Here(), &input{name: name, kind: stringKind, str: v})
	}
	return r
}

// PassArray is like [TaskRun.Pass], for an array.
func (r *TaskRun) PassArray(name string, v Array) *TaskRun {
	if r != nil {
		r.pipelineTask.pass(callsite.Here(), &input{name: name, kind: arrayKind, array: v})
	}
	return r
}

// PassObject is like [TaskRun.Pass], for an object.
func (r *TaskRun) PassObject(name string, v Object) *TaskRun {
	if r != nil {
		r.pipelineTask.pass(callsite.Here(), &input{name: name, kind: objectKind, object: v})
	}
	return r
}
