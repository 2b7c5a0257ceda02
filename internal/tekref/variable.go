package tekref

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Kind is what a variable stands for.
type Kind int

// The kinds.
const (
	None           Kind = iota // nothing of Tekton's
	Param                      // params.NAME, params["NAME"], with [*], [0] or .KEY
	TaskResult                 // tasks.OWNER.results.NAME, with [*], [0] or .KEY
	FinallyResult              // finally.OWNER.results.NAME
	TaskStatus                 // tasks.OWNER.status, tasks.OWNER.reason
	TasksStatus                // tasks.status
	MatrixLength               // tasks.OWNER.matrix.length, tasks.OWNER.matrix.NAME.length
	TaskArtifact               // tasks.OWNER.outputs.NAME, tasks.OWNER.inputs.NAME
	Context                    // context.OWNER.NAME
	Workspace                  // workspaces.OWNER.NAME: path, bound, claim or volume
	ResultPath                 // results.NAME.path, results["NAME"].path
	StepResultPath             // step.results.NAME.path
	StepResult                 // steps.OWNER.results.NAME, with [*], [0] or .KEY
	StepExitCode               // steps.step-OWNER.exitCode.path; Owner includes step-
	StepArtifact               // steps.OWNER.outputs.NAME, steps.OWNER.inputs.NAME
	Artifacts                  // artifacts.path, step.artifacts.path
	Credentials                // credentials.path
	Event                      // tt.params.NAME, in a TriggerTemplate
)

// Variable is one parsed $(...).
type Variable struct {
	Kind  Kind
	Expr  string // as written, without $( and )
	Owner string // the task, step, workspace or kind of context
	Name  string // the param, result, or field
	Key   string // of an object
	Star  bool   // it ends with [*]
	Index int    // the number in brackets at its end; -1 without

	Bracket bool // the name is written in brackets: ["NAME"]

	Fault string // why Tekton does not substitute it although it begins like a variable; "" if it does
	Fix   string // how to write it, without $( and ); "" if unknown
}

// Whole reports whether the variable stands for all of an array or an object,
// if it names one.
func (v Variable) Whole() bool { return v.Key == "" && v.Index < 0 }

// String returns the variable as it is written in a text.
func (v Variable) String() string { return Text(v.Expr) }

// roots are the first words of variables, those of a Pipeline first.
var roots = [...]string{
	"params", "tasks", "finally", "context", "workspaces", "results", "steps", "step", "artifacts", "credentials",
}

// IsPipelineRoot reports whether word is the first word of a variable that a
// Pipeline may have.
func IsPipelineRoot(word string) bool { return slices.Contains(roots[:6], word) }

// contexts are the fields of each kind of context.
var contexts = map[string][]string{
	"pipelineRun":  {"name", "namespace", "uid"},
	"pipeline":     {"name"},
	"pipelineTask": {"retries"},
	"taskRun":      {"name", "namespace", "uid"},
	"task":         {"name", "retry-count"},
}

// ContextKinds returns the kinds of context, sorted: $(context.KIND.FIELD).
func ContextKinds() []string { return slices.Sorted(maps.Keys(contexts)) }

// ContextFields returns the fields of a kind of context, nil if there is no
// such kind.
func ContextFields(kind string) []string { return slices.Clone(contexts[kind]) }

// WorkspaceFields returns the fields of a workspace in a Task. In a Pipeline a
// workspace has only the field bound.
func WorkspaceFields() []string { return []string{"path", "bound", "claim", "volume"} }

// TemplatePrefix begins the expression of a param of a TriggerTemplate.
const TemplatePrefix = "tt.params."

// UID is the expression that Triggers replaces in a TriggerTemplate by an
// identifier that is new for each event.
const UID = "uid"

// IsTemplateParam reports whether Triggers accepts name as the name of a param
// in a TriggerTemplate.
func IsTemplateParam(name string) bool {
	for i, r := range name {
		if !IsNameRune(r) || i == 0 && (r == '-' || r == '.' || r >= '0' && r <= '9') {
			return false
		}
	}
	return name != ""
}

// IsRemoved reports whether expr reads a PipelineResource, which Tekton has
// removed.
func IsRemoved(expr string) bool {
	for _, root := range []string{"resources.inputs.", "resources.outputs.", "inputs.resources.", "outputs.resources."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

// IsShaped reports whether expr looks like a variable: a name, and perhaps [*]
// or [0] behind it. Where Tekton expects variables it refuses such an expr
// unless it knows it.
func IsShaped(expr string) bool {
	name, suffix := expr, ""
	if i := strings.IndexByte(expr, '['); i >= 0 {
		name, suffix = expr[:i], expr[i:]
	}
	return IsName(name) && new(Variable).parseSuffix(suffix)
}

// Parse reads what is between $( and ). The result has Kind None if that is
// nothing of Tekton's, and a Fault if it begins like a variable but is
// not well-formed.
func Parse(expr string) Variable {
	v := Variable{Expr: expr, Index: -1}
	trimmed := strings.TrimSpace(expr)
	root, rest := Root(trimmed)
	switch root {
	case "params", "tasks", "finally", "context", "workspaces", "results", "steps", "step", "artifacts", "credentials", "inputs", "tt":
	default:
		return v
	}
	if rest == "" {
		return v // $(params) and the like are ordinary words
	}
	switch root {
	case "params":
		v.parseParam(rest)
	case "inputs":
		if after, ok := strings.CutPrefix(rest, ".params"); ok && after != "" {
			v.parseParam(after)
		}
	case "tt":
		if strings.HasPrefix(rest, ".params.") {
			v.Kind, v.Name = Event, rest[len(".params."):]
		}
	case "tasks", "finally":
		v.parseTask(root, rest)
	case "context":
		v.parseContext(rest)
	case "workspaces":
		v.parseWorkspace(rest)
	case "results":
		v.parseResultPath(ResultPath, rest)
	case "step":
		v.parseStep(rest)
	case "steps":
		v.parseSteps(rest)
	case "artifacts":
		v.parseFixed(Artifacts, "artifacts.path", trimmed)
	case "credentials":
		v.parseFixed(Credentials, "credentials.path", trimmed)
	}
	if v.Kind != None && trimmed != expr {
		if v.Fix == "" {
			v.Fix = trimmed
		}
		v.Fault = "has blanks inside its parentheses"
	}
	return v
}

// Root returns the first word of an expression, and the rest from the first dot
// or bracket on.
func Root(expr string) (root, rest string) {
	if i := strings.IndexAny(expr, ".["); i >= 0 {
		return expr[:i], expr[i:]
	}
	return expr, ""
}

// Misspelt returns the variable that expr likely means, if only its first word
// is misspelt: prams.x means params.x. Fix is the corrected expression, Expr
// the given one. It reports false unless the rest is well-formed.
func Misspelt(expr string) (Variable, bool) {
	if !strings.Contains(expr, ".") || strings.ContainsAny(expr, " \t\n") {
		return Variable{}, false
	}
	root, rest := Root(expr)
	if len(root) < 3 {
		return Variable{}, false
	}
	for _, known := range roots {
		if root == known || suggest.Distance(strings.ToLower(root), known, 3) > 2 {
			continue
		}
		if v := Parse(known + rest); v.Kind != None && v.Fault == "" {
			v.Expr, v.Fix = expr, known+rest
			return v, true
		}
	}
	return Variable{}, false
}

// parts splits a dotted name and the [*] or [0] behind it.
func parts(rest string) (names []string, suffix string) {
	if i := strings.IndexByte(rest, '['); i >= 0 {
		rest, suffix = rest[:i], rest[i:]
	}
	return strings.Split(strings.TrimPrefix(rest, "."), "."), suffix
}

// parseSuffix reads [*] or [0].
func (v *Variable) parseSuffix(suffix string) bool {
	if suffix == "" {
		return true
	}
	if len(suffix) < 3 || suffix[0] != '[' || suffix[len(suffix)-1] != ']' {
		return false
	}
	inner := suffix[1 : len(suffix)-1]
	if inner == "*" {
		v.Star = true
		return true
	}
	i, err := strconv.Atoi(inner)
	if err != nil || i < 0 || inner[0] == '+' {
		return false
	}
	v.Index = i
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
