package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/shell"
)

// failures and successes are what people call the outcome of a task.
var (
	failures  = map[string]bool{"failed": true, "failure": true, "fail": true, "failing": true, "error": true, "errored": true, "ko": true, "1": true}
	successes = map[string]bool{"succeeded": true, "success": true, "successful": true, "ok": true, "deployed": true, "passed": true, "0": true}
)

// afterFailure warns of a task that waits for the failure of another one
// outside finally. A failed task stops the pipeline, so that it runs at best
// where the other one takes its failure for a success.
func (p *pipelineCheck) afterFailure(t *pipelineTask) {
	if t.finally {
		return
	}
	for i := range t.When {
		w := &t.When[i]
		if !wantsFailure(w) {
			continue
		}
		r, ok := isolated(w.Input)
		if !ok || r.Kind != refTaskResult || r.Fault != "" || !r.Whole() {
			continue
		}
		owner := p.byName[r.Owner]
		if owner == nil || owner.OnError == v1.PipelineTaskContinue {
			continue
		}
		s := t.spot.index("when", i).field("input")
		help := "move " + t.label + " to finally, with the guard $(tasks." + owner.Name + ".status) in [\"Failed\"]"
		if owner.def.spec == nil {
			if handlesFailure(t.Name) && saysOutcome(r.Name) && !owner.def.nested {
				p.warn(s, "guard-unreachable", t.Name, t.label+" waits for a failure of "+owner.label+", but where that fails the pipeline stops, and nothing but finally runs", help)
			}
			return
		}
		write, command, ok := lostWrite(p.scripts, owner, r.Name)
		if !ok || !handlesFailure(t.Name) && !(write.related(command) && saysOutcome(r.Name)) {
			continue
		}
		p.warn(s, "guard-unreachable", t.Name,
			t.label+" never runs after a failure of "+owner.label+": the script ends where "+q(command.Name())+" fails, before it writes result "+q(r.Name)+", and a failed task stops the pipeline",
			help, write.spot.related("result "+q(r.Name)+" is written here, under set -e"))
		return
	}
}

// behindFailure warns of a task of finally that is for the failure of one task,
// and reads a result of another that then has not run: it would come later.
func (p *pipelineCheck) behindFailure(t, owner *pipelineTask) bool {
	if !t.finally {
		return false
	}
	for i := range t.When {
		w := &t.When[i]
		r, ok := isolated(w.Input)
		if !ok || r.Kind != refTaskStatus || r.Name != "status" || w.Operator != selection.In || len(w.Values) == 0 ||
			slices.ContainsFunc(w.Values, func(v string) bool { return v != "Failed" }) {
			continue
		}
		failed := p.byName[r.Owner]
		if failed == nil || failed == owner || failed.OnError == v1.PipelineTaskContinue || !p.graph.Reaches(failed.Name, owner.Name) {
			continue
		}
		p.warn(t.spot.index("when", i), "guard-unreachable", t.Name,
			t.label+" never runs: it reads a result of "+owner.label+", which runs after "+failed.label+", and so not at all where that fails",
			"read the result of a task before "+failed.label+", or of none", owner.spot.related("task "+q(owner.Name)))
		return true
	}
	return false
}

// wantsFailure reports whether a guard asks for a failure.
func wantsFailure(w *v1.WhenExpression) bool {
	words := failures
	switch w.Operator {
	case selection.In:
	case selection.NotIn:
		words = successes
	default:
		return false
	}
	if w.CEL != "" || len(w.Values) == 0 {
		return false
	}
	for _, v := range w.Values {
		if !words[strings.ToLower(strings.TrimSpace(v))] {
			return false
		}
	}
	return true
}

// handlesFailure reports whether the name of a task says that it is for a
// failure.
func handlesFailure(task string) bool {
	name := fold(task)
	for _, word := range [...]string{"rollback", "revert", "undo", "onfail", "onerror", "iffail", "notifyfail", "failurenotif", "alertfail", "reportfail", "handlefail"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// saysOutcome reports whether the name of a result says that it is how a task
// ended.
func saysOutcome(result string) bool {
	name := strings.ToLower(result)
	for _, word := range [...]string{"status", "state", "exit", "outcome", "result", "success", "verdict"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// lostWrite finds where a result is written only if all commands before have
// succeeded, and the last of these.
func lostWrite(scripts *shell.Reader, owner *pipelineTask, result string) (*resultWrite, *shell.Command, bool) {
	writes := owner.writesOf(scripts, result)
	if len(writes) == 0 {
		return nil, nil, false
	}
	var work *shell.Command
	for i := range writes {
		w := &writes[i]
		c := w.command
		step := &owner.def.spec.Steps[w.step]
		if !w.script.Errexit || c.Compound || w.first.Compound || c.Depth > 0 || c.Joined || step.OnError != "" && step.OnError != v1.StopAndFail {
			return nil, nil, false
		}
		if w.known && failures[strings.ToLower(strings.TrimSpace(w.literal))] {
			return nil, nil, false // it says so itself
		}
		command := lastWork(w)
		if command == nil {
			return nil, nil, false
		}
		work = command
	}
	return &writes[0], work, true
}

// lastWork is the last command before a write that may fail, and ends the
// script if it does.
func lastWork(w *resultWrite) *shell.Command {
	var last *shell.Command
	for i := range w.script.Commands {
		c := &w.script.Commands[i]
		if c == w.first {
			break
		}
		if name := c.Name(); c.Fatal && c.Depth == 0 && !quiet[name] && name != "" {
			last = c
		}
	}
	return last
}

// quiet are commands that do no work of their own.
var quiet = map[string]bool{
	"echo": true, "printf": true, "set": true, "export": true, "cd": true, "mkdir": true, "ls": true, "cat": true, "sleep": true,
	"date": true, "pwd": true, "true": true, ":": true, "local": true, "unset": true, "tee": true, "trap": true, "source": true, ".": true, "awk": true,
	"sed": true, "tr": true, "cut": true, "head": true, "tail": true, "grep": true, "jq": true, "read": true,
}

// related reports whether what is written comes of the tool that did the work:
// helm upgrade, then helm status.
func (w *resultWrite) related(work *shell.Command) bool {
	for i := range w.script.Commands {
		c := &w.script.Commands[i]
		if c.Sub && c.Name() == work.Name() {
			return true
		}
		if c == w.command {
			break
		}
	}
	return strings.Contains(w.literal, "$?")
}
