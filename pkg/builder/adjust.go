package builder

import (
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
)

// adjust says what the rules cannot know about a finding in a Pipeline: which
// field of which task type to set, and which tasks may share a workspace. In
// Go an unused param is a mistake, as an unused variable is.
func (p *Pipeline) adjust(tasks, finally []*Node) func(check.Finding) (check.Finding, bool) {
	return func(f check.Finding) (check.Finding, bool) {
		switch f.Code {
		case "param-unused", "workspace-unused":
			if strings.HasPrefix(f.Path, "spec.params[") || strings.HasPrefix(f.Path, "spec.workspaces[") {
				f.Severity = check.Error
			}
		case "workspace-unordered":
			if concurrent(tasks, f.Path) || len(f.Related) > 0 && concurrent(tasks, f.Related[0].Path) {
				return f, false
			}
			f.Severity = check.Error
		case "param-missing":
			if n := nodeAt(tasks, finally, f.Path); n != nil {
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

// fieldHelp names the field that feeds a param or a workspace.
func (n *Node) fieldHelp(name, otherwise string) string {
	if n.task == nil || n.task.fields == nil {
		return otherwise
	}
	if field := n.task.fields()[name]; field != "" {
		return "set " + field + " in " + n.task.typeName
	}
	return otherwise
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
func (r *Run) adjust() func(check.Finding) (check.Finding, bool) {
	return func(f check.Finding) (check.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = "pass Run the value, with the Set of what Param returned"
		case "workspace-missing":
			f.Help = "pass Run a volume for it: Claim, ClaimTemplate, EmptyDir, Secret or ConfigMap of what Workspace returned"
		}
		return f, true
	}
}

// adjust adds help to findings in a run of one task.
func (r *TaskRun) adjust() func(check.Finding) (check.Finding, bool) {
	return func(f check.Finding) (check.Finding, bool) {
		switch f.Code {
		case "param-missing":
			f.Help = r.node.fieldHelp(f.Subject, f.Help)
		case "workspace-missing":
			f.Help = r.node.fieldHelp("workspace "+f.Subject, f.Help)
		}
		return f, true
	}
}
