package check

import (
	"strconv"
	"strings"
)

// pasted warns of inputs in a script: who sets them writes the script.
func (t *taskCheck) pasted(s spot, refs []string, script bool) {
	what := strings.Join(refs, ", ")
	switch {
	case t.action && script:
		t.fail(s, "input-in-script", refs[0], "the script of "+t.label+" holds "+what+", which Tekton refuses in a StepAction", `pass it through env and write "$NAME" in the script`)
	case script:
		t.warn(s, "input-in-script", refs[0], "the script holds "+what+": whoever sets the input can run commands", `pass it through env and write "$NAME" in the script`)
	default:
		t.warn(s, "input-in-script", refs[0], "the argument is a script, and holds "+what+": whoever sets the input can run commands",
			`pass it through env and write "$NAME" there, or as a further argument`)
	}
}

// stranger reports whether a param may hold anything: one with an enum does
// not.
func (t *taskCheck) stranger(name string) bool {
	p := t.params.find(name)
	return p != nil && len(p.Enum) == 0
}

// inline reports whether a text is the script of a command line such as
// sh -c SCRIPT.
func (t *taskCheck) inline(tx text) bool {
	if !tx.item {
		return false
	}
	var command, args []string
	switch tx.field {
	case "steps.command", "steps.args":
		if i := t.stepIndex(tx.path); i >= 0 {
			command, args = t.spec.Steps[i].Command, t.spec.Steps[i].Args
		}
	case "sidecars.command", "sidecars.args":
		if i := indexBehind(tx.path, field(t.spot.path, "sidecars[")); i >= 0 && i < len(t.spec.Sidecars) {
			command, args = t.spec.Sidecars[i].Command, t.spec.Sidecars[i].Args
		}
	case "command", "args":
		if t.step0 != nil {
			command, args = t.step0.Command, t.step0.Args
		}
	}
	if len(command) == 0 {
		return false
	}
	i := indexBehind(tx.path[strings.LastIndexByte(tx.path, '['):], "[")
	if strings.HasSuffix(tx.field, "args") {
		i += len(command)
	}
	line := make([]string, 0, len(command)+len(args))
	return i == inlineScript(append(append(line, command...), args[:min(len(args), 8)]...), len(command))
}

// indexBehind is the number behind a prefix, up to its bracket; -1 if there is
// none.
func indexBehind(path, prefix string) int {
	rest, ok := strings.CutPrefix(path, prefix)
	end := strings.IndexByte(rest, ']')
	if !ok || end < 0 {
		return -1
	}
	i, err := strconv.Atoi(rest[:end])
	if err != nil {
		return -1
	}
	return i
}
