package builder

import (
	"reflect"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"
)

// adjust returns a function that adds to a finding in a Pipeline what the rules
// cannot know: which field of which task type to set, and which tasks may share
// a workspace. In Go an unused param is an error, like an unused variable.
func (p *Pipeline) adjust(tasks, finally []*PipelineTask) func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if n := taskAt(tasks, finally, f.Path); n != nil && n.nested != nil {
			if inner, ok := within(f); ok {
				child := n.nested.child
				g, keep := child.adjust(child.tasks, child.finally)(inner)
				f.Help, f.Severity = g.Help, g.Severity
				return inGo(f), keep
			}
		}
		switch f.Code {
		case "input-in-script":
			if n := taskAt(tasks, finally, f.Path); n != nil && n.task != nil {
				if path, ok := embedded(f.Path, "taskSpec"); ok {
					f.Severity = n.task.inScript(path, f.Severity)
				}
			}
		case "param-unused", "workspace-unused":
			_, param := itemOf(f.Path, "params")
			if _, workspace := itemOf(f.Path, "workspaces"); param || workspace {
				f.Severity = diag.Error
				f.Help = "pass it to a task, or remove it"
			}
		case "result-duplicate", "task-missing", "workspace-unknown":
			f.Severity = diag.Error
		case "workspace-unordered":
			f.Severity = diag.Error
			f.Help = orderHelp(tasks, finally, f)
		case "param-missing":
			if n := taskAt(tasks, finally, f.Path); n != nil {
				if path, ok := embedded(f.Path, "taskSpec"); ok && n.task != nil {
					f.Help = n.task.stepHelp(path, f)
					break
				}
				f.Help = n.paramHelp(f.Subject, f.Help)
			}
		case "onerror-invalid":
			if n := taskAt(tasks, finally, f.Path); n != nil && n.onError != "" && f.Path.Len() == 4 {
				call := "Fallback"
				if n.matrixed {
					call = "FallbackOf"
				}
				f.Help = "call " + call + " instead of ContinueOnError: after the last retry, the task succeeds with the results that you give; or remove one of the calls"
			}
		case "workspace-missing":
			if n := taskAt(tasks, finally, f.Path); n != nil {
				f.Help = n.fieldHelp(workspaceType, f.Subject, f.Help)
			}
		}
		return inGo(f), true
	}
}

// orderHelp returns the help for two tasks that share a workspace and have no order.
func orderHelp(tasks, finally []*PipelineTask, f diag.Finding) string {
	order := "order the tasks (pass the workspace output of the first to the second, or call After)"
	later := taskAt(tasks, finally, f.Path)
	var earlier *PipelineTask
	if len(f.Related) > 0 {
		earlier = taskAt(tasks, finally, f.Related[0].Path)
	}
	switch {
	case later != nil && later.finally && (earlier == nil || earlier.finally):
		return "give each its own SubPath, make them one task, or mount the workspace with ReadOnly or Concurrent in both: tasks in finally have no order"
	case later != nil && earlier != nil && (later.matrixed || earlier.matrixed):
		order = "call After on one task with the other, such as " + later.name + ".After(" + earlier.name + ")"
	}
	return order + ", give each its own SubPath, or mount the workspace with ReadOnly or Concurrent in both"
}

// within returns a finding in an embedded pipeline as if the pipeline were an
// object of its own.
func within(f diag.Finding) (diag.Finding, bool) {
	path, ok := embedded(f.Path, "pipelineSpec")
	if !ok {
		return f, false
	}
	f.Path = path
	f.Related = slices.Clone(f.Related)
	for i := range f.Related {
		if path, ok := embedded(f.Related[i].Path, "pipelineSpec"); ok {
			f.Related[i].Path = path
		}
	}
	return f, true
}

// inPipelineSpec returns a finding in the pipeline that a run embeds as if the pipeline were an
// object of its own.
func inPipelineSpec(f diag.Finding) (diag.Finding, bool) {
	at, spec := diag.Fields("spec", "pipelineSpec"), diag.Fields("spec")
	rest, ok := f.Path.Cut(at)
	if !ok || rest.IsRoot() {
		return f, false
	}
	f.Path = spec.Join(rest)
	f.Related = slices.Clone(f.Related)
	for i := range f.Related {
		if rest, ok := f.Related[i].Path.Cut(at); ok {
			f.Related[i].Path = spec.Join(rest)
		}
	}
	return f, true
}

// embedded returns a path inside the spec that the task at spec.tasks[i] or
// spec.finally[i] embeds in that field, as if the spec were that of an object.
func embedded(path diag.Path, field string) (diag.Path, bool) {
	const at = 3
	if path.Len() <= at+1 || path.At(at) != (diag.Segment{Name: field}) {
		return path, false
	}
	return diag.Fields("spec").Join(diag.NewPath(path.Segments()[at+1:]...)), true
}

// itemOf returns the index that follows the name of a list in spec, and whether the path
// has both.
func itemOf(path diag.Path, list string) (index int, ok bool) {
	item := path.At(2)
	return item.Index, path.At(1) == diag.Segment{Name: list} && item.Kind == diag.IndexSegment && item.Index >= 0
}

// paramHelp returns the help for a param without a value.
func (t *PipelineTask) paramHelp(name, otherwise string) string {
	i := slices.IndexFunc(t.params, func(in *input) bool { return in.name == name })
	if t.task != nil && t.task.typed && t.task.source != nil && t.task.source.task != nil && i < 0 {
		return "declare param " + quote(name) + " in the Define method of " + t.task.typeName + ", so that it can be set"
	}
	kind := stringType
	if i >= 0 {
		kind = typeOf(t.params[i].kind)
	}
	return t.fieldHelp(kind, name, otherwise)
}

// fieldHelp returns help with the name of the field that sets a param or a
// workspace.
func (t *PipelineTask) fieldHelp(kind reflect.Type, name, otherwise string) string {
	if t.nested != nil {
		child := " of Pipeline " + quote(t.nested.child.name) + ", and pass the result to AddPipeline"
		if kind == workspaceType {
			return "call From on workspace " + quote(name) + child
		}
		return "call Set on param " + quote(name) + child
	}
	if t.task == nil || !t.task.typed {
		return otherwise
	}
	if field := t.feeds(kind, name); field != "" {
		return "set " + field + " in " + t.task.typeName
	}
	return otherwise
}

// adjust returns a function that adds help to findings in a Task.
func (t *Task) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = t.stepHelp(f.Path, f)
		case "input-in-script":
			f.Severity = t.inScript(f.Path, f.Severity)
		}
		return inGo(f), true
	}
}

// stepHelp returns help with the type of the StepAction at spec.steps[i] whose
// input is missing.
func (t *Task) stepHelp(path diag.Path, f diag.Finding) string {
	i, ok := itemOf(path, "steps")
	if !ok || i >= len(t.steps) || t.steps[i].action == nil {
		return f.Help
	}
	return "set the field of " + t.steps[i].action.typeName + " for param " + quote(f.Subject)
}

// taskAt returns the pipeline task at spec.tasks[i] or spec.finally[i].
func taskAt(tasks, finally []*PipelineTask, path diag.Path) *PipelineTask {
	list := tasks
	i, ok := itemOf(path, "tasks")
	if !ok {
		list = finally
		i, ok = itemOf(path, "finally")
	}
	if !ok || i >= len(list) {
		return nil
	}
	return list[i]
}

// adjust returns a function that adds help to findings in a PipelineRun.
func (r *PipelineRun) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if inner, ok := inPipelineSpec(f); ok && r.embed && r.pipeline.elsewhere == nil {
			g, keep := r.pipeline.adjust(r.pipeline.tasks, r.pipeline.finally)(inner)
			f.Help, f.Severity = g.Help, g.Severity
			return inGo(f), keep
		}
		switch f.Code {
		case "param-missing":
			f.Help = "call Set on the handle of param " + quote(f.Subject) + ", and pass the result to Run"
		case "volume-conflict":
			f.Help = "bind both workspaces to the same PersistentVolumeClaim, each with its own SubPath"
		case "name-invalid":
			if r.name == "" {
				f.Help = "pass Run a name, or a prefix that ends in -"
			}
		case "workspace-missing":
			f.Help = "call PVC, VolumeClaimTemplate, EmptyDir, Secret or ConfigMap on workspace " + quote(f.Subject) + ", and pass the result to Run"
		}
		return inGo(f), true
	}
}

// adjust returns a function that adds help to findings in a TaskRun.
func (r *TaskRun) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		switch f.Code {
		case "input-in-script":
			if r.pipelineTask.task != nil && f.Path.At(1) == (diag.Segment{Name: "taskSpec"}) {
				f.Severity = r.pipelineTask.task.inScript(diag.Fields("spec").Join(diag.NewPath(f.Path.Segments()[2:]...)), f.Severity)
			}
		case "param-missing":
			f.Help = r.pipelineTask.paramHelp(f.Subject, f.Help)
		case "workspace-missing":
			f.Help = r.pipelineTask.fieldHelp(workspaceType, f.Subject, f.Help)
			if slices.ContainsFunc(r.pipelineTask.workspaces, func(m *mounted) bool { return m.decl.name == f.Subject && m.from.d != nil }) {
				f.Help = "call PVC, VolumeClaimTemplate, EmptyDir, Secret or ConfigMap on the handle that NewWorkspace returned"
			}
		}
		return inGo(f), true
	}
}
