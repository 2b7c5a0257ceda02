package check

import (
	"slices"
	"strings"
)

func (r *reference) wrong(kind refKind, fault, fix string) {
	r.kind, r.fault, r.fix = kind, fault, fix
}

// parseParam reads what follows params.
func (r *reference) parseParam(rest string) {
	r.kind = refParam
	if name, after, ok := quoted(strings.TrimPrefix(rest, ".")); ok {
		r.name, r.bracket = name, true
		switch {
		case rest[0] == '.':
			r.wrong(refParam, "has a dot before its bracket", "params"+rest[1:])
		case r.parseSuffix(after):
		case strings.HasPrefix(after, ".") && isName(after[1:]) && !strings.Contains(name, "."):
			r.wrong(refParam, "takes a key of a param in brackets, which Tekton does not replace", "params."+name+after)
		default:
			r.wrong(refParam, "has an end that Tekton does not know", "")
		}
		return
	}
	names, suffix := parts(rest)
	for _, n := range names {
		if !isName(n) {
			r.wrong(refParam, "holds characters that no name of a param has", "")
			return
		}
	}
	if name, after, ok := quoted(suffix); ok && after == "" && len(names) == 1 {
		r.wrong(refParam, "takes a key in brackets", "params."+names[0]+"."+name)
	} else if !r.parseSuffix(suffix) {
		r.wrong(refParam, "has a bracket that is neither [*], an index, nor a quoted name", "")
	}
	r.name = names[0]
	switch {
	case len(names) == 2:
		r.key = names[1]
		if suffix != "" && r.fault == "" {
			r.wrong(refParam, "takes an item of a key, which is a string", "params."+strings.Join(names, "."))
		}
	case len(names) > 2:
		r.name = strings.Join(names, ".")
		r.wrong(refParam, "has more than two names after params", `params["`+r.name+`"]`)
	}
}

// parseTask reads what follows tasks or finally.
func (r *reference) parseTask(root, rest string) {
	if rest == ".status" && root == "tasks" {
		r.kind = refTasksStatus
		return
	}
	names, suffix := parts(rest)
	r.owner = names[0]
	kind := refTaskResult
	if root == "finally" {
		kind = refFinallyResult
	}
	if r.owner == "" || len(names) < 2 {
		if name, after, ok := quoted(suffix); ok && r.owner != "" && len(names) == 1 {
			r.wrong(kind, "names its task's field in brackets", root+"."+r.owner+"."+name+after)
		} else if len(names) == 1 && suffix == "" {
			r.kind = refNone // tasks.x: somebody's own word
		} else {
			r.wrong(kind, "names no result", "")
		}
		return
	}
	for _, n := range names {
		if !isName(n) {
			r.wrong(kind, "holds characters that no name has", "")
			return
		}
	}
	what := names[1]
	switch {
	case what == "results":
		r.parseTaskResult(kind, root, names, suffix)
	case root == "finally":
		r.wrong(kind, "is not of the form finally.TASK.results.RESULT", "")
	case (what == "status" || what == "reason") && len(names) == 2 && suffix == "":
		r.kind, r.name = refTaskStatus, what
	case what == "matrix" && suffix == "" && names[len(names)-1] == "length" && (len(names) == 3 || len(names) == 4):
		r.kind = refMatrixLength
		if len(names) == 4 {
			r.name = names[2]
		}
	case (what == "outputs" || what == "inputs") && len(names) <= 3 && suffix == "":
		r.kind = refTaskArtifact
		if len(names) == 3 {
			r.name = names[2]
		}
	default:
		fix := ""
		if near := nearest(what, []string{"results", "status", "reason", "matrix", "outputs", "inputs"}); near != "" {
			names = slices.Clone(names)
			names[1] = near
			fix = root + "." + strings.Join(names, ".") + suffix
		}
		r.wrong(kind, "names neither results, status nor reason of its task", fix)
	}
}

func (r *reference) parseTaskResult(kind refKind, root string, names []string, suffix string) {
	r.kind = kind
	prefix := root + "." + r.owner + ".results."
	if name, after, ok := quoted(suffix); ok {
		if len(names) == 2 {
			r.name = name
			r.wrong(kind, "names its result in brackets, which Tekton does not read", prefix+name+after)
		} else {
			r.name = names[2]
			r.wrong(kind, "names a key in brackets, which Tekton does not read", prefix+names[2]+"."+name)
		}
		return
	}
	switch len(names) {
	case 2:
		r.wrong(kind, "names no result", "")
		return
	case 3, 4:
		r.name = names[2]
	default:
		r.name = names[2]
		r.wrong(kind, "has too many names: a result has keys, but a key has none", prefix+names[2]+"."+names[3])
		return
	}
	if len(names) == 4 {
		r.key = names[3]
	}
	if !r.parseSuffix(suffix) || r.key != "" && suffix != "" {
		r.wrong(kind, "has a bracket that is neither [*] nor an index of a list", prefix+strings.Join(names[2:], "."))
	}
}

func (r *reference) parseContext(rest string) {
	names, suffix := parts(rest)
	r.kind, r.owner = refContext, names[0]
	if len(names) != 2 || suffix != "" || !isName(r.owner) {
		r.wrong(refContext, "is not of the form context.KIND.FIELD", "")
		return
	}
	r.name = names[1]
}

func (r *reference) parseWorkspace(rest string) {
	r.kind = refWorkspace
	if name, after, ok := quoted(rest); ok {
		r.wrong(refWorkspace, "names its workspace in brackets, which Tekton does not read", "workspaces."+name+after)
		r.owner = name
		return
	}
	// The name may hold dots: the field is what follows the last one.
	rest = strings.TrimPrefix(rest, ".")
	i := strings.LastIndexByte(rest, '.')
	if i <= 0 || !isName(rest) {
		r.owner = rest
		r.wrong(refWorkspace, "names no field of its workspace", "workspaces."+rest+".path")
		if !isName(rest) {
			r.fix = ""
		}
		return
	}
	r.owner, r.name = rest[:i], rest[i+1:]
}

// parseResultPath reads what follows results or step.results.
func (r *reference) parseResultPath(kind refKind, rest string) {
	r.kind = kind
	prefix := strings.TrimSuffix(r.expr, rest)
	name, after, ok := quoted(rest)
	if !ok {
		rest = strings.TrimPrefix(rest, ".")
		name, after = strings.TrimSuffix(rest, ".path"), ""
		if name != rest {
			after = ".path"
		}
	}
	r.name, r.bracket = name, ok
	switch {
	case after == ".path" && (ok || isName(name)):
	case !ok && isName(name):
		r.wrong(kind, "lacks .path: a step writes a result to the file that $("+prefix+"."+name+".path) names", prefix+"."+name+".path")
	default:
		r.wrong(kind, "is not of the form "+prefix+".RESULT.path", "")
	}
}

func (r *reference) parseStep(rest string) {
	switch {
	case strings.HasPrefix(rest, ".results.") || strings.HasPrefix(rest, ".results["):
		r.parseResultPath(refStepResultPath, rest[len(".results"):])
	case strings.HasPrefix(rest, ".artifacts"):
		r.parseFixed(refArtifacts, "step.artifacts.path", "step"+rest)
	}
}

// parseSteps reads what follows steps.
func (r *reference) parseSteps(rest string) {
	names, suffix := parts(rest)
	r.owner = names[0]
	if len(names) < 2 {
		return
	}
	switch names[1] {
	case "results":
		r.kind = refStepResult
		switch {
		case len(names) == 3 || len(names) == 4:
			r.name = names[2]
			if len(names) == 4 {
				r.key = names[3]
			}
			if !r.parseSuffix(suffix) || r.key != "" && suffix != "" {
				r.wrong(refStepResult, "has a bracket that is neither [*] nor an index of a list", "")
			}
		default:
			r.wrong(refStepResult, "is not of the form steps.STEP.results.RESULT", "")
		}
	case "exitCode":
		r.kind = refStepExit
		switch {
		case len(names) == 2 && suffix == "":
			r.wrong(refStepExit, "lacks .path", r.expr+".path")
		case len(names) != 3 || names[2] != "path" || suffix != "":
			r.wrong(refStepExit, "is not of the form steps.step-STEP.exitCode.path", "")
		}
	case "outputs", "inputs":
		r.kind = refStepArtifact
		if len(names) > 2 {
			r.name = names[2]
		}
	}
}

func (r *reference) parseFixed(kind refKind, want, got string) {
	r.kind = kind
	if got != want {
		r.wrong(kind, "is not "+want, want)
	}
}
