package builder

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// adjust says what the rules cannot know about a finding in a Pipeline: which
// field of which task type to set, and which tasks may share a workspace. In
// Go an unused param is a mistake, as an unused variable is.
func (p *Pipeline) adjust(tasks, finally []*Node) func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if n := nodeAt(tasks, finally, f.Path); n != nil && n.nested != nil {
			if inner, ok := within(f); ok {
				child := n.nested.child
				g, keep := child.adjust(child.tasks, child.finally)(inner)
				f.Help, f.Severity = g.Help, g.Severity
				return f, keep
			}
		}
		switch f.Code {
		case "param-unused", "workspace-unused":
			if strings.HasPrefix(f.Path, "spec.params[") || strings.HasPrefix(f.Path, "spec.workspaces[") {
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
			if n := nodeAt(tasks, finally, f.Path); n != nil {
				if _, path, ok := strings.Cut(f.Path, ".taskSpec."); ok && n.task != nil {
					f.Help = n.task.stepHelp("spec."+path, f)
					break
				}
				f.Help = n.fieldHelp(f.Subject, f.Help)
			}
		case "workspace-missing":
			if n := nodeAt(tasks, finally, f.Path); n != nil {
				f.Help = n.fieldHelp("workspace "+f.Subject, f.Help)
			}
		}
		return f, true
	}
}

// within is a finding in an embedded pipeline as if that were an object.
func within(f diag.Finding) (diag.Finding, bool) {
	cut := func(path string) (string, bool) {
		_, rest, ok := strings.Cut(path, ".pipelineSpec.")
		return "spec." + rest, ok
	}
	path, ok := cut(f.Path)
	if !ok {
		return f, false
	}
	f.Path = path
	f.Related = slices.Clone(f.Related)
	for i := range f.Related {
		if path, ok := cut(f.Related[i].Path); ok {
			f.Related[i].Path = path
		}
	}
	return f, true
}

// fieldHelp names the field that feeds a param or a workspace.
func (n *Node) fieldHelp(name, otherwise string) string {
	if n.nested != nil {
		return "pass Nest its value, with the Set or From of what pipeline " + quote(n.nested.child.name) + " returned"
	}
	if n.task == nil || n.task.fields == nil {
		return otherwise
	}
	if n.task.source != nil && n.task.source.task != nil && !slices.ContainsFunc(n.params, func(in *input) bool { return in.name == name }) &&
		!strings.HasPrefix(name, "workspace ") {
		return "declare it in the Define of " + n.task.typeName + " as the Task does"
	}
	if field := n.task.fields()[name]; field != "" {
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
func (t *Task) stepHelp(path string, f diag.Finding) string {
	rest, ok := strings.CutPrefix(path, "spec.steps[")
	number, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if !ok || err != nil || i < 0 || i >= len(t.steps) || t.steps[i].action == nil {
		return f.Help
	}
	return "set the field of " + t.steps[i].action.typeName + " that gives it its value"
}

// nodeAt is the node at spec.tasks[i] or spec.finally[i].
func nodeAt(tasks, finally []*Node, path string) *Node {
	list := tasks
	rest, ok := strings.CutPrefix(path, "spec.tasks[")
	if !ok {
		list = finally
		if rest, ok = strings.CutPrefix(path, "spec.finally["); !ok {
			return nil
		}
	}
	number, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(list) {
		return nil
	}
	return list[i]
}

// concurrent tells whether the mount at spec.tasks[i].workspaces[j] stands
// other writers.
func concurrent(tasks []*Node, path string) bool {
	n := nodeAt(tasks, nil, path)
	if n == nil {
		return false
	}
	_, rest, ok := strings.Cut(path, ".workspaces[")
	if !ok {
		return false
	}
	number, _, _ := strings.Cut(rest, "]")
	j, err := strconv.Atoi(number)
	if err != nil {
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
func (r *Run) adjust() func(diag.Finding) (diag.Finding, bool) {
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
			f.Help = r.node.fieldHelp(f.Subject, f.Help)
		case "workspace-missing":
			f.Help = r.node.fieldHelp("workspace "+f.Subject, f.Help)
		}
		return f, true
	}
}
