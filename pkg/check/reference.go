package check

import (
	"strconv"
	"strings"
)

// This file and reference_parse.go are the one place for the grammar of
// references: what may stand between $( and ).

// refKind tells what a reference stands for.
type refKind int

const (
	refNone           refKind = iota // nothing of Tekton's
	refParam                         // params.NAME, params["NAME"], with [*], [0] or .KEY
	refTaskResult                    // tasks.OWNER.results.NAME, with [*], [0] or .KEY
	refFinallyResult                 // finally.OWNER.results.NAME
	refTaskStatus                    // tasks.OWNER.status, tasks.OWNER.reason
	refTasksStatus                   // tasks.status
	refMatrixLength                  // tasks.OWNER.matrix.length, tasks.OWNER.matrix.NAME.length
	refTaskArtifact                  // tasks.OWNER.outputs.NAME, tasks.OWNER.inputs.NAME
	refContext                       // context.OWNER.NAME
	refWorkspace                     // workspaces.OWNER.NAME: path, bound, claim or volume
	refResultPath                    // results.NAME.path, results["NAME"].path
	refStepResultPath                // step.results.NAME.path
	refStepResult                    // steps.OWNER.results.NAME, with [*], [0] or .KEY
	refStepExit                      // steps.step-OWNER.exitCode.path
	refStepArtifact                  // steps.OWNER.outputs.NAME, steps.OWNER.inputs.NAME
	refArtifacts                     // artifacts.path, step.artifacts.path
	refCredentials                   // credentials.path
	refEvent                         // tt.params.NAME: for TriggerTemplates only
)

// reference is one parsed $(...).
type reference struct {
	kind  refKind
	expr  string // as written, without $( and )
	owner string // the task, step, workspace or kind of context
	name  string // the param, result, or field
	key   string // of an object
	star  bool   // [*]
	index int    // -1 without

	bracket bool // the name was written ["NAME"]

	fault string // why it is no reference although it begins like one; "" if it is
	fix   string // how it is written, without $( and ); "" if unknown
}

// whole reports whether the reference stands for all of a list or an object,
// if that is what its name declares.
func (r reference) whole() bool { return r.key == "" && r.index < 0 }

// String returns the reference as it stands in a text.
func (r reference) String() string { return "$(" + r.expr + ")" }

// roots are the first words of references.
var roots = [...]string{
	"params", "tasks", "finally", "context", "workspaces", "results", "steps", "step", "artifacts", "credentials",
}

// contexts are the fields of each kind of context.
var contexts = map[string][]string{
	"pipelineRun":  {"name", "namespace", "uid"},
	"pipeline":     {"name"},
	"pipelineTask": {"retries"},
	"taskRun":      {"name", "namespace", "uid"},
	"task":         {"name", "retry-count"},
}

// workspaceFields are what a workspace has in a Task; in a Pipeline it has
// only the second.
var workspaceFields = []string{"path", "bound", "claim", "volume"}

// removedReference reports whether something is read of a PipelineResource.
func removedReference(expr string) bool {
	for _, root := range []string{"resources.inputs.", "resources.outputs.", "inputs.resources.", "outputs.resources."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

// parseReference reads what stands between $( and ).
func parseReference(expr string) reference {
	r := reference{expr: expr, index: -1}
	trimmed := strings.TrimSpace(expr)
	root, rest := splitRoot(trimmed)
	switch root {
	case "params", "tasks", "finally", "context", "workspaces", "results", "steps", "step", "artifacts", "credentials", "inputs", "tt":
	default:
		return r
	}
	if rest == "" {
		return r // $(params) and the like are ordinary words
	}
	switch root {
	case "params":
		r.parseParam(rest)
	case "inputs":
		if after, ok := strings.CutPrefix(rest, ".params"); ok && after != "" {
			r.parseParam(after)
		}
	case "tt":
		if strings.HasPrefix(rest, ".params.") {
			r.kind, r.name = refEvent, rest[len(".params."):]
		}
	case "tasks", "finally":
		r.parseTask(root, rest)
	case "context":
		r.parseContext(rest)
	case "workspaces":
		r.parseWorkspace(rest)
	case "results":
		r.parseResultPath(refResultPath, rest)
	case "step":
		r.parseStep(rest)
	case "steps":
		r.parseSteps(rest)
	case "artifacts":
		r.parseFixed(refArtifacts, "artifacts.path", trimmed)
	case "credentials":
		r.parseFixed(refCredentials, "credentials.path", trimmed)
	}
	if r.kind != refNone && trimmed != expr {
		if r.fix == "" {
			r.fix = trimmed
		}
		r.fault = "has blanks inside its parentheses"
	}
	return r
}

// splitRoot splits at the first dot or bracket, which stays with the rest.
func splitRoot(expr string) (root, rest string) {
	if i := strings.IndexAny(expr, ".["); i >= 0 {
		return expr[:i], expr[i:]
	}
	return expr, ""
}

// misspelt returns the reference that expr is, once its first word is
// corrected: prams.x is params.x. It reports false unless what follows fits.
func misspelt(expr string) (reference, bool) {
	if !strings.Contains(expr, ".") || strings.ContainsAny(expr, " \t\n") {
		return reference{}, false
	}
	root, rest := splitRoot(expr)
	if len(root) < 3 {
		return reference{}, false
	}
	for _, known := range roots {
		if root == known || distance(strings.ToLower(root), known, 3) > 2 {
			continue
		}
		if r := parseReference(known + rest); r.kind != refNone && r.fault == "" {
			r.expr, r.fix = expr, known+rest
			return r, true
		}
	}
	return reference{}, false
}

// parts splits a dotted name and the [*] or [0] behind it.
func parts(rest string) (names []string, suffix string) {
	if i := strings.IndexByte(rest, '['); i >= 0 {
		rest, suffix = rest[:i], rest[i:]
	}
	return strings.Split(strings.TrimPrefix(rest, "."), "."), suffix
}

// parseSuffix reads [*] or [0].
func (r *reference) parseSuffix(suffix string) bool {
	if suffix == "" {
		return true
	}
	if len(suffix) < 3 || suffix[0] != '[' || suffix[len(suffix)-1] != ']' {
		return false
	}
	inner := suffix[1 : len(suffix)-1]
	if inner == "*" {
		r.star = true
		return true
	}
	i, err := strconv.Atoi(inner)
	if err != nil || i < 0 || inner[0] == '+' {
		return false
	}
	r.index = i
	return true
}

// quoted reads ["NAME"] or ['NAME'] at the start of s.
func quoted(s string) (name, rest string, ok bool) {
	if len(s) < 4 || s[0] != '[' || s[1] != '"' && s[1] != '\'' {
		return "", s, false
	}
	end := strings.Index(s[2:], s[1:2]+"]")
	if end <= 0 {
		return "", s, false
	}
	return s[2 : 2+end], s[2+end+2:], true
}
