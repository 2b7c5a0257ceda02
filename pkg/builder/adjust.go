package builder

import (
	"reflect"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"
)

// adjust says what the rules cannot know about a finding in a Pipeline: which
// field of which task type to set, and which tasks may share a workspace. In
// Go an unused param is a mistake, as an unused variable is.
func (p *Pipeline) adjust(tasks, finally []*PipelineTask) func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if n := taskAt(tasks, finally, f.Path); n != nil && n.nested != nil {
			if inner, ok := within(f); ok {
				child := n.nested.child
				g, keep := child.adjust(child.tasks, child.finally)(inner)
				f.Help, f.Severity = g.Help, g.Severity
				return f, keep
			}
		}
		switch f.Code {
		case "param-unused", "workspace-unused":
			_, param := itemOf(f.Path, 1, "params")
			if _, workspace := itemOf(f.Path, 1, "workspaces"); param || workspace {
				f.Severity = diag.Error
				f.Help = "give it to a task, or drop it"
			}
		case "result-duplicate", "task-missing", "workspace-unknown":
			f.Severity = diag.Error
		case "workspace-unordered":
			if concurrent(tasks, f.Path) || len(f.Related) > 0 && concurrent(tasks, f.Related[0].Path) {
				return f, false
			}
			f.Severity = diag.Error
			f.Help = "hand on the workspace as the first one leaves it, call After, give each a Sub, or mount it ReadOnly or Concurrent"
		case "param-missing":
			if n := taskAt(tasks, finally, f.Path); n != nil {
				if path, ok := embedded(f.Path, "taskSpec"); ok && n.task != nil {
					f.Help = n.task.stepHelp(path, f)
					break
				}
				f.Help = n.paramHelp(f.Subject, f.Help)
			}
		case "workspace-missing":
			if n := taskAt(tasks, finally, f.Path); n != nil {
				f.Help = n.fieldHelp(workspaceType, f.Subject, f.Help)
			}
		}
		return f, true
	}
}

// within is a finding in an embedded pipeline as if that were an object.
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

// embedded is a path inside of the spec that the task at spec.tasks[i] or
// spec.finally[i] embeds in that field, as if the spec were that of an object.
func embedded(path diag.Path, field string) (diag.Path, bool) {
	const at = 3
	if path.Len() <= at+1 || path.At(at) != (diag.Segment{Name: field}) {
		return path, false
	}
	return diag.Fields("spec").Join(diag.NewPath(path.Segments()[at+1:]...)), true
}

// itemOf is the index that a path has behind the name of a list, which is the
// segment of that number; false if the path does not lead there.
func itemOf(path diag.Path, at int, list string) (index int, ok bool) {
	item := path.At(at + 1)
	return item.Index, path.At(at) == diag.Segment{Name: list} && item.Kind == diag.IndexSegment && item.Index >= 0
}

// paramHelp names the field that feeds a param.
func (n *PipelineTask) paramHelp(name, otherwise string) string {
	i := slices.IndexFunc(n.params, func(in *input) bool { return in.name == name })
	if n.task != nil && n.task.typed && n.task.source != nil && n.task.source.task != nil && i < 0 {
		return "declare it in the Define of " + n.task.typeName + " as the Task does"
	}
	kind := stringType
	if i >= 0 {
		kind = typeOf(n.params[i].kind)
	}
	return n.fieldHelp(kind, name, otherwise)
}

// fieldHelp names the field that feeds a param or a workspace.
func (n *PipelineTask) fieldHelp(kind reflect.Type, name, otherwise string) string {
	if n.nested != nil {
		return "pass Nest its value, with the Set or From of what pipeline " + quote(n.nested.child.name) + " returned"
	}
	if n.task == nil || !n.task.typed {
		return otherwise
	}
	if field := n.feeds(kind, name); field != "" {
		return "set " + field + " in " + n.task.typeName
	}
	return otherwise
}

// adjust adds help to findings in a Task.
func (t *Task) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = t.stepHelp(f.Path, f)
		case "input-in-script": // a definition made elsewhere may be as it is
			if t.source == nil {
				f.Severity = diag.Error
			}
		}
		return f, true
	}
}

// stepHelp names the StepAction whose input is missing, at spec.steps[i].
func (t *Task) stepHelp(path diag.Path, f diag.Finding) string {
	i, ok := itemOf(path, 1, "steps")
	if !ok || i >= len(t.steps) || t.steps[i].action == nil {
		return f.Help
	}
	return "set the field of " + t.steps[i].action.typeName + " that gives it its value"
}

// taskAt is the node at spec.tasks[i] or spec.finally[i].
func taskAt(tasks, finally []*PipelineTask, path diag.Path) *PipelineTask {
	list := tasks
	i, ok := itemOf(path, 1, "tasks")
	if !ok {
		list = finally
		i, ok = itemOf(path, 1, "finally")
	}
	if !ok || i >= len(list) {
		return nil
	}
	return list[i]
}

// concurrent tells whether the mount at spec.tasks[i].workspaces[j] stands
// other writers.
func concurrent(tasks []*PipelineTask, path diag.Path) bool {
	n := taskAt(tasks, nil, path)
	if n == nil {
		return false
	}
	j, ok := itemOf(path, 3, "workspaces")
	if !ok {
		return false
	}
	for _, m := range n.workspaces {
		if m.from.d == nil {
			continue
		}
		if j == 0 {
			return m.decl.concurrent
		}
		j--
	}
	return false
}

// adjust adds help to findings in a run.
func (r *PipelineRun) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = "pass Run the value, with the Set of what Param returned"
		case "volume-conflict":
			f.Help = "put both on one claim, with a Sub each"
		case "name-invalid":
			if r.name == "" {
				f.Help = "give Run a name, or a prefix that ends in -"
			}
		case "workspace-missing":
			f.Help = "pass Run a volume for it: Claim, ClaimTemplate, EmptyDir, Secret or ConfigMap of what Workspace returned"
		}
		return f, true
	}
}

// adjust adds help to findings in a run of one task.
func (r *TaskRun) adjust() func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = r.node.paramHelp(f.Subject, f.Help)
		case "workspace-missing":
			f.Help = r.node.fieldHelp(workspaceType, f.Subject, f.Help)
			if slices.ContainsFunc(r.node.workspaces, func(m *mounted) bool { return m.decl.name == f.Subject && m.from.d != nil }) {
				f.Help = "pass RunTask a volume for it: Claim, ClaimTemplate, EmptyDir, Secret or ConfigMap of what NewWorkspace returned"
			}
		}
		return f, true
	}
}
