package tekref

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// setFault sets the kind of a variable that Tekton does not substitute, the reason, and
// the correct expression if it is known.
func (v *Variable) setFault(kind Kind, fault, fix string) {
	v.Kind, v.Fault, v.Fix = kind, fault, fix
}

// parseParam parses the part after params.
func (v *Variable) parseParam(rest string) {
	v.Kind = Param
	if name, after, ok := cutBracket(strings.TrimPrefix(rest, ".")); ok {
		v.Name, v.Bracket = name, true
		switch {
		case rest[0] == '.':
			v.setFault(Param, "has a dot before its bracket", "params"+rest[1:])
		case v.parseSuffix(after):
		case strings.HasPrefix(after, ".") && IsName(after[1:]) && !strings.Contains(name, "."):
			v.setFault(Param, "puts the name of an object param in brackets, which Tekton does not support", "params."+name+after)
		default:
			v.setFault(Param, "has a suffix that Tekton does not support", "")
		}
		return
	}
	names, suffix := splitNames(rest)
	for _, n := range names {
		if !IsName(n) {
			v.setFault(Param, "contains characters that the name of a param cannot have", "")
			return
		}
	}
	if name, after, ok := cutBracket(suffix); ok && after == "" && len(names) == 1 {
		v.setFault(Param, "puts the key in brackets, which Tekton does not support", "params."+names[0]+"."+name)
	} else if !v.parseSuffix(suffix) {
		v.setFault(Param, "has a bracket that is neither [*], an index, nor a quoted name", "")
	}
	v.Name = names[0]
	switch {
	case len(names) == 2:
		v.Key = names[1]
		if suffix != "" && v.Fault == "" {
			v.setFault(Param, "reads an item of a key, which is a string", "params."+strings.Join(names, "."))
		}
	case len(names) > 2:
		v.Name = strings.Join(names, ".")
		v.setFault(Param, "has more than two names after params", `params["`+v.Name+`"]`)
	}
}

// parseTask parses the part after tasks or finally, which is root.
func (v *Variable) parseTask(root, rest string) {
	if rest == ".status" && root == "tasks" {
		v.Kind = TasksStatus
		return
	}
	names, suffix := splitNames(rest)
	v.Owner = names[0]
	kind := TaskResult
	if root == "finally" {
		kind = FinallyResult
	}
	if v.Owner == "" || len(names) < 2 {
		if name, after, ok := cutBracket(suffix); ok && v.Owner != "" && len(names) == 1 {
			v.setFault(kind, "puts the field of the task in brackets, which Tekton does not support", root+"."+v.Owner+"."+name+after)
		} else if len(names) == 1 && suffix == "" {
			v.Kind = None // tasks.x is probably not meant as a variable
		} else {
			v.setFault(kind, "lacks the name of a result", "")
		}
		return
	}
	for _, n := range names {
		if !IsName(n) {
			v.setFault(kind, "contains characters that a name cannot have", "")
			return
		}
	}
	what := names[1]
	switch {
	case what == "results":
		v.parseTaskResult(kind, root, names, suffix)
	case root == "finally":
		v.setFault(kind, "is not of the form finally.TASK.results.RESULT", "")
	case (what == "status" || what == "reason") && len(names) == 2 && suffix == "":
		v.Kind, v.Name = TaskStatus, what
	case what == "matrix" && suffix == "" && names[len(names)-1] == "length" && (len(names) == 3 || len(names) == 4):
		v.Kind = MatrixLength
		if len(names) == 4 {
			v.Name = names[2]
		}
	case (what == "outputs" || what == "inputs") && len(names) <= 3 && suffix == "":
		v.Kind = TaskArtifact
		if len(names) == 3 {
			v.Name = names[2]
		}
	default:
		fix := ""
		if near := suggest.Name(what, []string{"results", "status", "reason", "matrix", "outputs", "inputs"}); near != "" {
			names = slices.Clone(names)
			names[1] = near
			fix = root + "." + strings.Join(names, ".") + suffix
		}
		v.setFault(kind, "must continue with results, status or reason after the task", fix)
	}
}

func (v *Variable) parseTaskResult(kind Kind, root string, names []string, suffix string) {
	v.Kind = kind
	prefix := root + "." + v.Owner + ".results."
	if name, after, ok := cutBracket(suffix); ok {
		if len(names) == 2 {
			v.Name = name
			v.setFault(kind, "puts the name of the result in brackets, which Tekton does not support", prefix+name+after)
		} else {
			v.Name = names[2]
			v.setFault(kind, "puts the key in brackets, which Tekton does not support", prefix+names[2]+"."+name)
		}
		return
	}
	switch len(names) {
	case 2:
		v.setFault(kind, "lacks the name of a result", "")
		return
	case 3, 4:
		v.Name = names[2]
	default:
		v.Name = names[2]
		v.setFault(kind, "has too many names: a result has keys, but a key has none", prefix+names[2]+"."+names[3])
		return
	}
	if len(names) == 4 {
		v.Key = names[3]
	}
	if !v.parseSuffix(suffix) || v.Key != "" && suffix != "" {
		v.setFault(kind, "has a bracket that is neither [*] nor an index of a list", prefix+strings.Join(names[2:], "."))
	}
}

func (v *Variable) parseContext(rest string) {
	names, suffix := splitNames(rest)
	v.Kind, v.Owner = Context, names[0]
	if len(names) != 2 || suffix != "" || !IsName(v.Owner) {
		v.setFault(Context, "is not of the form context.KIND.FIELD", "")
		return
	}
	v.Name = names[1]
}

func (v *Variable) parseWorkspace(rest string) {
	v.Kind = Workspace
	if name, after, ok := cutBracket(rest); ok {
		v.setFault(Workspace, "puts the name of the workspace in brackets, which Tekton does not support", "workspaces."+name+after)
		v.Owner = name
		return
	}
	// The name may contain dots. The field follows the last one.
	rest = strings.TrimPrefix(rest, ".")
	i := strings.LastIndexByte(rest, '.')
	if i <= 0 || !IsName(rest) {
		v.Owner = rest
		v.setFault(Workspace, "lacks a field of the workspace, such as path", "workspaces."+rest+".path")
		if !IsName(rest) {
			v.Fix = ""
		}
		return
	}
	v.Owner, v.Name = rest[:i], rest[i+1:]
}

// parseResultPath parses the part after results or step.results.
func (v *Variable) parseResultPath(kind Kind, rest string) {
	v.Kind = kind
	prefix := strings.TrimSuffix(v.Expr, rest)
	name, after, ok := cutBracket(rest)
	if !ok {
		rest = strings.TrimPrefix(rest, ".")
		name, after = strings.TrimSuffix(rest, ".path"), ""
		if name != rest {
			after = ".path"
		}
	}
	v.Name, v.Bracket = name, ok
	switch {
	case after == ".path" && (ok || IsName(name)):
	case !ok && IsName(name):
		v.setFault(kind, "lacks .path: a step writes a result to the file $("+prefix+"."+name+".path)", prefix+"."+name+".path")
	default:
		v.setFault(kind, "is not of the form "+prefix+".RESULT.path", "")
	}
}

func (v *Variable) parseStep(rest string) {
	switch {
	case strings.HasPrefix(rest, ".results.") || strings.HasPrefix(rest, ".results["):
		v.parseResultPath(StepResultPath, rest[len(".results"):])
	case strings.HasPrefix(rest, ".artifacts"):
		v.parseFixed(Artifacts, "step.artifacts.path", "step"+rest)
	}
}

// parseSteps parses the part after steps.
func (v *Variable) parseSteps(rest string) {
	names, suffix := splitNames(rest)
	v.Owner = names[0]
	if len(names) < 2 {
		return
	}
	switch names[1] {
	case "results":
		v.Kind = StepResult
		switch {
		case len(names) == 3 || len(names) == 4:
			v.Name = names[2]
			if len(names) == 4 {
				v.Key = names[3]
			}
			if !v.parseSuffix(suffix) || v.Key != "" && suffix != "" {
				v.setFault(StepResult, "has a bracket that is neither [*] nor an index of a list", "")
			}
		default:
			v.setFault(StepResult, "is not of the form steps.STEP.results.RESULT", "")
		}
	case "exitCode":
		v.Kind = StepExitCode
		switch {
		case len(names) == 2 && suffix == "":
			v.setFault(StepExitCode, "lacks .path", v.Expr+".path")
		case len(names) != 3 || names[2] != "path" || suffix != "":
			v.setFault(StepExitCode, "is not of the form steps.step-STEP.exitCode.path", "")
		}
	case "outputs", "inputs":
		v.Kind = StepArtifact
		if len(names) > 2 {
			v.Name = names[2]
		}
	}
}

func (v *Variable) parseFixed(kind Kind, want, got string) {
	v.Kind = kind
	if got != want {
		v.setFault(kind, "is not "+want, want)
	}
}
