package order

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// failures and successes are words that people use for the outcome of a task.
var (
	failures  = map[string]bool{"failed": true, "failure": true, "fail": true, "failing": true, "error": true, "errored": true, "ko": true, "1": true}
	successes = map[string]bool{"succeeded": true, "success": true, "successful": true, "ok": true, "deployed": true, "passed": true, "0": true}
)

// afterFailure reports a task outside finally that waits for the failure of another
// one. A failed task stops the pipeline, so the task can only run if the other one
// succeeds in spite of its failure.
func afterFailure(p *rule.Pass, t *facts.PipelineTask) {
	if t.Finally {
		return
	}
	for i := range t.When {
		w := &t.When[i]
		if !wantsFailure(w) {
			continue
		}
		v, ok := facts.Alone(w.Input)
		if !ok || v.Kind != tekref.TaskResult || v.Fault != "" || !v.Whole() {
			continue
		}
		owner := t.Pipeline.Task(v.Owner)
		if owner == nil || owner.OnError == v1.PipelineTaskContinue {
			continue
		}
		s := t.Spot.Index("when", i).Field("input")
		help := "move " + t.Label + " to finally, with the when expression $(tasks." + owner.Name + ".status) in [\"Failed\"]"
		if owner.Runs.Spec == nil || owner.Runs.Signed {
			if handlesFailure(t.Name) && saysOutcome(v.Name) && !owner.Runs.Nested {
				p.Warning(s, t.Name, t.Label+" waits for a failure of "+owner.Label+", but then the pipeline stops and only finally runs", help)
			}
			return
		}
		write, command := lostWrite(owner, v.Name)
		if write == nil || !handlesFailure(t.Name) && !(comesOf(write, command) && saysOutcome(v.Name)) {
			continue
		}
		p.Warning(s, t.Name,
			t.Label+" never runs after a failure of "+owner.Label+": if "+phrase.Quote(command.Name())+" fails, the script ends before it writes result "+
				phrase.Quote(v.Name)+", and a failed task stops the pipeline",
			help, write.Spot.Related("result "+phrase.Quote(v.Name)+" is written here, under set -e"))
		return
	}
}

// wantsFailure reports whether a when expression is true only for a failure.
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

// joints removes the separators between the words of a name.
var joints = strings.NewReplacer("-", "", "_", "")

// handlesFailure reports whether the name of a task suggests that it handles a
// failure.
func handlesFailure(task string) bool {
	name := joints.Replace(strings.ToLower(task))
	for _, word := range [...]string{"rollback", "revert", "undo", "onfail", "onerror", "iffail", "notifyfail", "failurenotif", "alertfail", "reportfail", "handlefail"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// saysOutcome reports whether the name of a result suggests that it is the outcome of
// a task.
func saysOutcome(result string) bool {
	name := strings.ToLower(result)
	for _, word := range [...]string{"status", "state", "exit", "outcome", "result", "success", "verdict"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// lostWrite returns where a result is written, if only after all earlier commands have
// succeeded, and the last of these commands.
func lostWrite(owner *facts.PipelineTask, result string) (*facts.ResultWrite, *shell.Command) {
	task := owner.RunsTask()
	writes := task.ResultWrites(result)
	if len(writes) == 0 {
		return nil, nil
	}
	var work *shell.Command
	for i := range writes {
		w := &writes[i]
		c, onError := w.Command, task.Spec.Steps[w.Step].OnError
		if !w.Script.Errexit || c.Compound || w.First.Compound || c.Depth > 0 || c.Joined || onError != "" && onError != v1.StopAndFail {
			return nil, nil
		}
		if w.Known && failures[strings.ToLower(strings.TrimSpace(w.Literal))] {
			return nil, nil // it reports the failure itself
		}
		if work = lastWork(w); work == nil {
			return nil, nil
		}
	}
	return &writes[0], work
}

// lastWork returns the last command before a write that can fail and thereby end the
// script.
func lastWork(w *facts.ResultWrite) *shell.Command {
	var last *shell.Command
	for i := range w.Script.Commands {
		c := &w.Script.Commands[i]
		if c == w.First {
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

// comesOf reports whether the written value comes from the tool that did the work: helm
// upgrade, then helm status.
func comesOf(w *facts.ResultWrite, work *shell.Command) bool {
	for i := range w.Script.Commands {
		c := &w.Script.Commands[i]
		if c.Sub && c.Name() == work.Name() {
			return true
		}
		if c == w.Command {
			break
		}
	}
	return strings.Contains(w.Literal, "$?")
}
