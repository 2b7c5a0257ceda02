package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// AddSteps adds the steps of another task type to a task, together with its params,
// workspaces, results, volumes and sidecars, and sets its inputs. The names of all of
// them get the prefix, followed by a dash; a step with the name of the prefix is not
// renamed. So a task of one's own can contain tasks of the catalogue, which then run in one Pod:
//
//	func (b Build) Define(t *builder.Task) Built {
//		clone := builder.AddSteps(t, "clone", tasks.GitClone{URL: b.URL, Output: b.Source})
//		test := builder.AddSteps(t, "test", tasks.GoTest{Source: clone.Source})
//		return Built{t.PipelineTask(), clone.Commit, test.Coverage}
//	}
//
// The output has the results and workspaces of the added steps. Its methods, such as
// Retries, are those of the whole task. A later step of the same task reads a result as
// a file: see [Task.ResultOf]. It cannot be an input of other added steps, because Tekton
// replaces the inputs of a task before its first step; [AddSharedStep] has a way.
//
// Labels and annotations are added to the task, and its required permissions too. A task
// type with a step template, a Mutate or a definition from elsewhere cannot be added.
func AddSteps[T TaskType[Out], Out TaskOutput](t *Task, prefix string, task T) Out {
	t = t.orNew()
	at := callsite.Here()
	out, part := defineSteps[T, Out](t, at, prefix, task)
	t.merge(part)
	return out
}

// defineSteps calls Define with a part of the task. The part is nil if that is not
// possible, which has been reported.
func defineSteps[T TaskType[Out], Out TaskOutput](t *Task, at place, prefix string, task T) (Out, *Task) {
	var none Out
	if nothing(task) {
		t.reportf(at, "task-invalid", "the task type of steps %s is nil", quote(prefix)).
			Help = "pass AddSteps a struct with the methods TaskName and Define"
		return none, nil
	}
	if t.parts[prefix] {
		t.reportf(at, "task-invalid", "steps with the prefix %s are added twice", quote(prefix)).
			Help = "give the second ones another prefix"
		prefix += "-2"
	}
	if t.parts == nil {
		t.parts = map[string]bool{}
	}
	t.parts[prefix] = true
	n := t.pipelineTask
	part := &Task{
		scope: t.scope, pipelineTask: n, typed: true, typeName: typeName(task),
		prefix: t.prefix + prefix + "-", joined: t.joined,
	}
	params, mounts := len(n.params), len(n.workspaces)
	var out Out
	if !t.catch(at, part.typeName, func() {
		part.name = task.TaskName()
		n.checkInputsAt(at, task)
		out = task.Define(part)
	}) {
		return none, nil
	}
	for _, in := range n.params[params:] {
		in.at = at
	}
	for _, m := range n.workspaces[mounts:] {
		m.at = at
	}
	t.joined = part.joined
	if pipelineTaskOf(out) != n {
		t.reportf(at, "output-unset", "the output of %s leaves the embedded PipelineTask unset", part.typeName).
			Help = "set it to t.PipelineTask(): Output{PipelineTask: t.PipelineTask(), ...}"
	}
	what := ""
	switch {
	case part.source != nil:
		what = "its steps are not declared in Go"
	case part.template != nil:
		what = "its step template would apply to all steps of the task"
	case len(part.mutate) > 0:
		what = "it calls Mutate, which would change the whole task"
	}
	if what != "" {
		t.reportf(at, "task-invalid", "the steps of %s cannot be added to another task: %s", part.typeName, what).
			Help = "add it to the pipeline with builder.Add"
		return out, nil
	}
	return out, part
}

// merge adds what a part of the task declares.
func (t *Task) merge(part *Task) {
	if part == nil {
		return
	}
	t.labels = append(t.labels, part.labels...)
	t.annotations = append(t.annotations, part.annotations...)
	t.params = append(t.params, part.params...)
	t.workspaces = append(t.workspaces, part.workspaces...)
	t.results = append(t.results, part.results...)
	t.steps = append(t.steps, part.steps...)
	t.sidecars = append(t.sidecars, part.sidecars...)
	t.volumes = append(t.volumes, part.volumes...)
	t.required = append(t.required, part.required...)
}

// called returns the name of something that is declared in the task.
func (t *Task) called(name string) string { return t.prefix + name }

// calledStep is like called, for a step.
func (t *Task) calledStep(name string) string {
	if before := strings.TrimSuffix(t.prefix, "-"); before == name || strings.HasSuffix(before, "-"+name) {
		return before
	}
	return t.called(name)
}

// ResultOf returns the result of this task that a handle stands for. With it, a step can
// read what a step of [AddSteps] wrote:
//
//	clone := builder.AddSteps(t, "clone", tasks.GitClone{URL: b.URL, Output: b.Source})
//	t.Step("log").Env("COMMIT", t.ResultOf(clone.Commit).PathValue()).Script(`cat "$COMMIT"`)
func (t *Task) ResultOf(v String) Result {
	t = t.orNew()
	d := t.ownResult(callsite.Here(), "ResultOf", v)
	if d == nil {
		return Result{}
	}
	if d.fromStep {
		t.reportf(callsite.Here(), "result-misplaced", "result %s has its value from a step, so no step can read it as a file", quote(d.name)).
			Help = "use the Value of StepResultOf"
	}
	return Result{resultHandle{t, d}}
}

// StepResultOf returns the result of a step of this task that a handle stands for, if the
// step was added with [AddSharedStep]. Its Value is for later steps.
func (t *Task) StepResultOf(v String) StepResult {
	t = t.orNew()
	d := t.ownResult(callsite.Here(), "StepResultOf", v)
	switch {
	case d == nil:
		return StepResult{}
	case d.step.scope == nil:
		t.reportf(callsite.Here(), "result-misplaced", "result %s is not one of a step added with AddSharedStep", quote(d.name)).
			Help = "read the file of the result: ResultOf returns it"
	}
	return d.step
}

// ownResult returns the string result of this task that a handle stands for, or reports
// that there is none.
func (t *Task) ownResult(at place, method string, v String) *resultDecl {
	if d := t.stringResult(string(v)); d != nil {
		return d
	}
	t.reportf(at, "result-misplaced", "%s is called with a value that is not a string result of steps of the task", method).
		Help = "pass it a result of what AddSteps returned"
	return nil
}

// stringResult returns the string result of this task that a handle stands for, nil if
// there is none.
func (t *Task) stringResult(v string) *resultDecl {
	tok, ok := handle.Single(v)
	if !ok || tok.Owner.ID != t.pipelineTask.scope.owner.ID {
		return nil
	}
	for _, d := range t.results {
		if _, _, own := (resultHandle{t, d}).variable(); d.kind == stringKind && own.Expr == tok.Expr {
			return d
		}
	}
	return nil
}

// ownUse reports whether a value uses a result of its own task, and records a problem
// if it does.
func (t *PipelineTask) ownUse(at place, where string, s String) bool {
	parts, _ := handle.Parse(string(s))
	for _, p := range parts {
		if p.Token == nil || p.Token.Owner.ID != t.scope.owner.ID {
			continue
		}
		v := tekref.Parse(p.Token.Expr)
		if (v.Kind == tekref.TaskResult || v.Kind == tekref.FinallyResult) && v.Owner == t.name {
			f := t.scope.reportf(at, "result-misplaced", "%s uses %s, a result of the same task, which has no value before its first step", where, quote(p.Token.Text()))
			f.Help = "read the file of the result in a later step, with ResultOf, or add a task of its own with builder.Add"
			f.Subject = p.Token.Expr
			return true
		}
	}
	return false
}
