package tekref

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Kind is the kind of a variable.
type Kind int

// The kinds.
const (
	None           Kind = iota // not a variable of Tekton
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
	Star  bool   // whether it ends with [*]
	Index int    // the index in brackets at its end; -1 if there is none

	Bracket bool // whether the name is in brackets: ["NAME"]

	Fault string // why Tekton does not substitute it although it begins like a variable; "" if it is well-formed
	Fix   string // the correct expression, without $( and ); "" if unknown
}

// Whole reports whether v refers to a whole array or object, if its param or result is
// one.
func (v Variable) Whole() bool { return v.Key == "" && v.Index < 0 }

// String returns $(Expr).
func (v Variable) String() string { return Text(v.Expr) }

// roots are the first words of variables. Those that a Pipeline may use come first.
var roots = [...]string{
	"params", "tasks", "finally", "context", "workspaces", "results", "steps", "step", "artifacts", "credentials",
}

// IsPipelineRoot reports whether word is the first word of a variable that a Pipeline
// may use.
func IsPipelineRoot(word string) bool { return slices.Contains(roots[:6], word) }

// contexts lists the fields of each kind of context.
var contexts = map[string][]string{
	"pipelineRun":  {"name", "namespace", "uid"},
	"pipeline":     {"name"},
	"pipelineTask": {"retries"},
	"taskRun":      {"name", "namespace", "uid"},
	"task":         {"name", "retry-count"},
}

// ContextKinds returns the sorted values of KIND in $(context.KIND.FIELD).
func ContextKinds() []string { return slices.Sorted(maps.Keys(contexts)) }

// ContextFields returns the values of FIELD in $(context.KIND.FIELD), or nil if there
// is no such kind.
func ContextFields(kind string) []string { return slices.Clone(contexts[kind]) }

// WorkspaceFields returns the fields of a workspace in a Task. In a Pipeline, a
// workspace has only the field bound.
func WorkspaceFields() []string { return []string{"path", "bound", "claim", "volume"} }

// TemplatePrefix is the prefix of the variables for the params of a TriggerTemplate.
const TemplatePrefix = "tt.params."

// UID is the variable that Triggers replaces in a TriggerTemplate with a new identifier
// for each event.
const UID = "uid"

// IsTemplateParam reports whether Triggers accepts name as the name of a param of a
// TriggerTemplate.
func IsTemplateParam(name string) bool {
	for i, r := range name {
		if !IsNameRune(r) || i == 0 && (r == '-' || r == '.' || r >= '0' && r <= '9') {
			return false
		}
	}
	return name != ""
}

// IsRemoved reports whether expr refers to a PipelineResource. Tekton no longer has
// these.
func IsRemoved(expr string) bool {
	for _, root := range []string{"resources.inputs.", "resources.outputs.", "inputs.resources.", "outputs.resources."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

// LooksLikeVariable reports whether expr is a name, optionally followed by [*] or an
// index. Where Tekton expects variables, it rejects such an expression unless it knows
// the variable.
func LooksLikeVariable(expr string) bool {
	name, suffix := expr, ""
	if i := strings.IndexByte(expr, '['); i >= 0 {
		name, suffix = expr[:i], expr[i:]
	}
	return IsName(name) && new(Variable).parseSuffix(suffix)
}

// Parse parses the expression between $( and ). The result has the Kind None if the
// expression is not a variable of Tekton, and a Fault if it begins like a variable but
// is not well-formed.
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
		return v // probably not meant as a variable
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

// Root returns the first word of an expression, and the rest, which begins with the
// first dot or bracket.
func Root(expr string) (root, rest string) {
	if i := strings.IndexAny(expr, ".["); i >= 0 {
		return expr[:i], expr[i:]
	}
	return expr, ""
}

// Misspelled returns the variable that was probably meant if only the first word of
// expr is misspelled, such as prams.x for params.x, or if expr begins as in another
// system, such as outputs.results.x. Fix is the corrected expression, and Expr is expr.
// It returns false if the rest is not well-formed.
func Misspelled(expr string) (Variable, bool) {
	if !strings.Contains(expr, ".") || strings.ContainsAny(expr, " \t\n") {
		return Variable{}, false
	}
	if v, ok := aliased(expr); ok {
		return v, true
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

// IsAlmostParam reports whether the first word of expr differs from params in one
// letter or in upper and lower case alone, such as param.x. It is a param even if
// none of that name is declared, unless it is the name of a program, such as param.sh.
func IsAlmostParam(expr string) bool {
	root, rest := Root(expr)
	return root != "params" && suggest.Distance(strings.ToLower(root), "params", 2) < 2 && !slices.Contains(programs[:], rest)
}

// programs are the ends of the names of programs.
var programs = [...]string{".sh", ".bash", ".py", ".pl", ".rb", ".js", ".exe", ".bin"}

// splitNames splits rest into the names separated by dots, and the part from the first
// bracket on.
func splitNames(rest string) (names []string, suffix string) {
	if i := strings.IndexByte(rest, '['); i >= 0 {
		rest, suffix = rest[:i], rest[i:]
	}
	return strings.Split(strings.TrimPrefix(rest, "."), "."), suffix
}

// parseSuffix parses "", [*] or an index such as [0]. It returns false for anything else.
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

// cutBracket cuts ["NAME"] or ['NAME'] from the beginning of s.
func cutBracket(s string) (name, rest string, ok bool) {
	if len(s) < 4 || s[0] != '[' || s[1] != '"' && s[1] != '\'' {
		return "", s, false
	}
	end := strings.Index(s[2:], s[1:2]+"]")
	if end <= 0 {
		return "", s, false
	}
	return s[2 : 2+end], s[2+end+2:], true
}
