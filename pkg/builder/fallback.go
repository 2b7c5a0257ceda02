package builder

import (
	_ "embed"
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// fallbackScript decides how a task ends whose step may fail.
//
//go:embed fallback.sh
var fallbackScript string

// Fallback lets the task succeed although its last attempt failed, with the given string
// results. The pipeline goes on, and tasks that use the results get the given values:
//
//	scan := builder.Add(p, "scan", Scan{Image: build.Reference})
//	scan.Retries(2).Fallback(scan.Report.Set("none"))
//
// Tekton rejects ContinueOnError together with Retries, and has no defaults for results. So
// the step of the task may fail, and a second step, in the same image, ends the task: it
// fails the attempt as long as there are retries, and writes the results after the last
// one. Only the exit code of the step is forgiven. A timeout, a Pod that cannot start and a
// run that is cancelled fail the task as usual.
//
// The task must have a single step, which is declared in Go, and its image must have a
// shell. It is embedded in the pipeline, as with Embed, because Tekton counts attempts
// only then.
func (t *PipelineTask) Fallback(results ...Arg) *PipelineTask {
	if t == nil || t.scope == nil {
		return t
	}
	at := callsite.Here()
	refuse := func(reason, help string) *PipelineTask {
		t.scope.reportf(at, "option-misplaced", "task %s cannot have a Fallback: %s", quote(t.name), reason).Help = help
		return t
	}
	const declare = "declare the steps in Go, or call ContinueOnError without Retries"
	switch {
	case t.broken:
		return t
	case t.task == nil || t.task.source != nil:
		return refuse("its steps are not declared in Go", declare)
	case t.fallback:
		return refuse("it has one already", "call Fallback once, with all results")
	case len(t.task.steps) != 1:
		return refuse(fmt.Sprintf("it has %d steps, and Tekton cannot skip the others when one fails", len(t.task.steps)), "make it a task with a single step")
	}
	t.fallback, t.embed = true, true
	t.task.fallBack(at, results)
	return t
}

// FallbackOf is [PipelineTask.Fallback] for a matrix, whose results are available only in a
// function. A combination that fails gets the values, which may contain its item:
//
//	repo := builder.Axis("repo", list.Repos)
//	scan := builder.AddMatrix(p, "scan", Scan{Repo: repo})
//	scan.Retries(2)
//	scan.FallbackOf(func(s Scanned) []builder.Arg {
//		return []builder.Arg{s.Report.Set(repo + " unknown")}
//	})
func (m *Matrix[T, Out]) FallbackOf(results func(Out) []Arg) *Matrix[T, Out] {
	if m == nil || m.PipelineTask == nil || m.broken {
		return m
	}
	at := callsite.Here()
	if results == nil || nothing(m.out) {
		m.scope.reportf(at, "option-misplaced", "FallbackOf of task %s has no function", quote(m.name)).
			Help = "pass a function that returns the results: func(o Out) []builder.Arg { return []builder.Arg{o.Report.Set(\"none\")} }"
		return m
	}
	var args []Arg
	if m.scope.catch(at, "the function passed to FallbackOf of task "+quote(m.name), func() { args = results(m.out) }) {
		m.Fallback(args...)
	}
	return m
}

// fallBack adds the step that ends the task.
func (t *Task) fallBack(at place, results []Arg) {
	s := t.steps[0]
	s.onError = said{at, TaskString(v1.Continue)}
	image, script, security := s.image, s.script.v, s.security
	if s.action != nil {
		image, script, security = s.action.def.image, s.action.def.script.v, s.action.def.security
		if !handle.Plain(string(image.v)) {
			t.reportf(at, "option-misplaced", "task %s cannot have a Fallback: the image of its StepAction is an input", quote(t.pipelineTask.name)).
				Help = "use a StepAction with a fixed image"
		}
	}
	if s.name == "" {
		t.reportf(at, "option-misplaced", "task %s cannot have a Fallback: its step has no name", quote(t.pipelineTask.name)).Help = "give it one"
	}
	end := &Step{container: container{scope: t.scope, at: at, name: s.name + "-fallback"}, task: t}
	end.image, end.pull, end.security = image, s.pull, security.DeepCopy()
	end.requests = amounts(at, "10m", "16Mi")
	text := fallbackScript
	if line, _, _ := strings.Cut(string(script), "\n"); strings.HasPrefix(line, "#!") && strings.HasSuffix(line, "/sh") {
		text = line + "\n" + strings.TrimPrefix(text, "#!/bin/sh\n") // such as that of busybox
	}
	retries := &paramDecl{at: at, name: "fallback-retries", kind: stringKind, desc: "the number of retries of the task"}
	end.Env("EXIT_CODE", s.ExitCodePathValue()).Env("RETRY_COUNT", RetryCount).
		Env("RETRIES", t.fallbackParam(retries, TaskRetries))
	for i, r := range results {
		name, value, ok := t.fallbackResult(at, r)
		if !ok {
			continue
		}
		d := &paramDecl{at: at, name: "fallback-" + name, kind: stringKind, desc: "result " + name + " if the last attempt fails"}
		if value == "" {
			value = Empty
		}
		end.Env(fmt.Sprintf("VALUE_%d", i+1), t.fallbackParam(d, value)).
			Env(fmt.Sprintf("RESULT_%d", i+1), TaskString(tekref.ResultPathOf(name).String()))
		text += fmt.Sprintf("printf '%%s' \"$VALUE_%d\" >\"$RESULT_%d\"\n", i+1, i+1)
	}
	end.script = said{at, TaskString(text)}
	t.steps = append(t.steps, end)
}

// fallbackParam declares a param of the step that ends the task. The axes in its value are
// those of the inputs, so that it is about the combination that failed.
func (t *Task) fallbackParam(d *paramDecl, v String) TaskString {
	v, ok := t.fallbackAxes(d, v)
	if !ok {
		v = Empty
	}
	if text, ok := t.join(d, v); ok {
		return text
	}
	t.params = append(t.params, d)
	in := &input{at: d.at, name: d.name, kind: stringKind, str: v}
	t.pipelineTask.params = append(t.pipelineTask.params, in)
	t.pipelineTask.checkBound(in)
	return TaskString(t.token(handle.Value, tekref.ParamOf(d.name)))
}

// fallbackAxes returns the value of a param with the axes as the inputs of the task use
// them, and false if one of them is a mistake.
func (t *Task) fallbackAxes(d *paramDecl, v String) (String, bool) {
	n := t.pipelineTask
	if !n.matrixed || !holdsEach(string(v)) {
		return v, true
	}
	parts, _ := handle.Parse(string(v))
	var out strings.Builder
	for _, p := range parts {
		switch {
		case p.Token == nil:
			out.WriteString(p.Text)
			continue
		case !isEach(p):
			out.WriteString(p.Token.String())
			continue
		}
		x := decodeAxis(p.Token.Expr)
		if x.Name == "" {
			in := n.onlyEach(p.Token.String())
			if in == "" {
				t.reportf(d.at, "each-misplaced", "Fallback of task %s uses Each of an array, but not exactly one input of the task does", quote(n.name)).
					Help = "use builder.Axis instead of builder.Each, in the input and in the value"
				return "", false
			}
			x.Name = "Each in " + in
			t.setAxis(x, &paramDecl{name: in})
		} else if _, ok := t.joined.axes[x.Name]; !ok {
			t.reportf(d.at, "each-misplaced", "Fallback of task %s uses axis %s, but no input of the task uses it", quote(n.name), quote(x.Name)).
				Help = "use the axis of an input"
			return "", false
		}
		out.WriteString(string(axisOf(x.Name, x.array())))
	}
	return String(out.String()), true
}

// onlyEach returns the name of the input that is set to an axis without a name, and "" if
// there is not exactly one.
func (t *PipelineTask) onlyEach(each string) string {
	name := ""
	for _, in := range t.params {
		switch {
		case in.kind != stringKind || string(in.str) != each:
		case name != "":
			return ""
		default:
			name = in.name
		}
	}
	return name
}

// fallbackResult returns the result that an argument sets, and its value.
func (t *Task) fallbackResult(at place, a Arg) (name string, value String, ok bool) {
	if p, is := a.(*paramArg); is && p.kind == stringKind {
		if d := t.stringResult(p.target); d != nil && !d.fromStep {
			return d.name, p.str, true
		}
	}
	t.reportf(at, "set-misplaced", "Fallback of task %s gets a value that is not for a string result of the task which its step writes to a file", quote(t.pipelineTask.name)).
		Help = "pass what Set of such a result returns: scan.Fallback(scan.Report.Set(\"none\"))"
	return "", "", false
}
