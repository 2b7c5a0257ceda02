package facts

import (
	"iter"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file follows values of strangers from a run into its tasks.

// Carried are the values of strangers in the params of a template, a run, a pipeline or a
// Task. The zero Carried has none.
type Carried struct {
	values map[string][]StrangerValue
	// outer are those of the pipeline around an embedded Task spec, which gets them under
	// the same names unless it has a param of its own.
	outer *Carried
	own   func(name string) bool
	// in returns the values that a text contains otherwise, such as $(tt.params.NAME) in a
	// spec that is embedded in a template; nil if there are none.
	in func(text string) []StrangerValue
	// results are the values in results of tasks, by the task and the result.
	results map[string][]StrangerValue
}

// carriedBy returns the values by the param of the template.
func carriedBy(all []StrangerValue) Carried {
	c := Carried{values: map[string][]StrangerValue{}}
	for i := range all {
		c.values[all[i].Param] = together(c.values[all[i].Param], all[i:i+1])
	}
	return c
}

// maxTogether is the number of values of strangers in a text above which only those of
// another kind are added. A finding names one of a kind.
const maxTogether = 32

// together returns the values of two lists, each once. It changes neither.
func together(some, more []StrangerValue) []StrangerValue {
	if len(some) == 0 {
		return slices.Clip(more)
	}
	out := slices.Clip(some)
	for i := range more {
		m := &more[i]
		known := slices.ContainsFunc(out, func(v StrangerValue) bool {
			alike := v.Text == m.Text && v.Commit == m.Commit && v.Number == m.Number
			return alike && (len(out) >= maxTogether || v.Param == m.Param && v.Path == m.Path)
		})
		if !known {
			out = append(out, *m)
		}
	}
	return out
}

// IsEmpty reports whether there are no values.
func (c *Carried) IsEmpty() bool {
	return len(c.values) == 0 && len(c.results) == 0 && c.in == nil && (c.outer == nil || c.outer.IsEmpty())
}

// of returns the values of a param.
func (c *Carried) of(name string) []StrangerValue {
	if values, ok := c.values[name]; ok || c.outer == nil || c.own(name) {
		return values
	}
	return c.outer.of(name)
}

// result returns the values in a result of a task of the pipeline.
func (c *Carried) result(task, name string) []StrangerValue {
	for ; c != nil; c = c.outer {
		if values, ok := c.results[resultKey(task, name)]; ok {
			return values
		}
	}
	return nil
}

func resultKey(task, name string) string { return task + "\x00" + name }

// In returns the values that a text contains as $(params.NAME), or directly. It also returns
// those in $(tasks.TASK.results.NAME).
func (c *Carried) In(text string) []StrangerValue {
	if !tekref.Contains(text) || c.IsEmpty() {
		return nil
	}
	var out []StrangerValue
	for m := range tekref.Scan(text) {
		v := tekref.Parse(m.Expr)
		switch {
		case v.Fault != "" || m.Open:
		case v.Kind == tekref.Param:
			out = together(out, c.of(v.Name))
		case v.Kind == tekref.TaskResult:
			out = together(out, c.result(v.Owner, v.Name))
		}
	}
	if c.in != nil {
		out = together(out, c.in(text))
	}
	return out
}

// InTemplate returns the values that a text contains as $(tt.params.NAME).
func (c *Carried) InTemplate(text string) []StrangerValue {
	var out []StrangerValue
	for _, name := range tekref.TemplateParams(text) {
		out = together(out, c.values[name])
	}
	return out
}

// add adds the values in the values of params, except those that the receiver limits to
// an enum.
func (c *Carried) add(params v1.Params, to *ParamScope, in func(text string) []StrangerValue) {
	for i := range params {
		p := &params[i]
		if target := to.Own(p.Name); target != nil && len(target.Enum) > 0 {
			continue
		}
		var found []StrangerValue
		for _, text := range textsOf(&p.Value) {
			found = together(found, in(text))
		}
		if len(found) > 0 {
			if c.values == nil {
				c.values = map[string][]StrangerValue{}
			}
			c.values[p.Name] = together(c.values[p.Name], found)
		}
	}
}

// addDefaults adds the values in the defaults of the params that an embedded spec
// declares and that the run does not pass.
func (c *Carried) addDefaults(declared v1.ParamSpecs, passed v1.Params, to *ParamScope, in func(text string) []StrangerValue) {
	for i := range declared {
		d := &declared[i]
		if d.Default != nil && !slices.ContainsFunc(passed, func(p v1.Param) bool { return p.Name == d.Name }) {
			c.add(v1.Params{{Name: d.Name, Value: *d.Default}}, to, in)
		}
	}
}

// textsOf returns the strings of a value.
func textsOf(v *v1.ParamValue) []string {
	switch v.Type {
	case v1.ParamTypeArray:
		return v.ArrayVal
	case v1.ParamTypeObject:
		out := make([]string, 0, len(v.ObjectVal))
		for _, k := range sortedKeys(v.ObjectVal) {
			out = append(out, v.ObjectVal[k])
		}
		return out
	}
	return []string{v.StringVal}
}

// RunCarries returns the values of strangers in the params of a run. The function in
// returns those in a text.
func (e *Entry) RunCarries(in func(text string) []StrangerValue) Carried {
	var out Carried
	switch {
	case e.Run != nil:
		var to *ParamScope
		if p := e.RunPipeline(); p != nil {
			to = p.Params
		}
		out.add(e.Run.Spec.Params, to, in)
		if spec := e.Run.Spec.PipelineSpec; spec != nil {
			out.addDefaults(spec.Params, e.Run.Spec.Params, to, in)
			out.in = in
		}
	case e.TaskRun != nil:
		to := e.RunTask().Params
		out.add(e.TaskRun.Spec.Params, to, in)
		if spec := e.TaskRun.Spec.TaskSpec; spec != nil {
			out.addDefaults(spec.Params, e.TaskRun.Spec.Params, to, in)
			out.in = in
		}
	}
	return out
}

// Carries returns the values of strangers in the params of the Task that a pipeline
// task runs, if from are those of the pipeline. An embedded spec also gets the params of
// the pipeline that it does not declare.
func (t *PipelineTask) Carries(from *Carried) Carried {
	var out Carried
	if from.IsEmpty() {
		return out
	}
	out.add(t.Params, t.Runs.Params, from.In)
	if t.Matrix != nil {
		out.add(t.Matrix.Params, t.Runs.Params, from.In)
		for i := range t.Matrix.Include {
			out.add(t.Matrix.Include[i].Params, t.Runs.Params, from.In)
		}
	}
	if t.Inner != nil || t.InnerPipeline != nil {
		out.in = from.in
	}
	if t.Inner != nil {
		out.outer = from
		out.own = func(name string) bool {
			return t.Inner.Params.Own(name) != nil || slices.ContainsFunc(t.Params, func(p v1.Param) bool { return p.Name == name })
		}
	}
	return out
}

// TaskSpecOf returns the Task spec that a pipeline task runs; nil if it is not in the
// set.
func (t *PipelineTask) TaskSpecOf() *TaskSpec {
	switch {
	case t.Inner != nil:
		return t.Inner
	case t.Runs.Spec != nil && t.Runs.Spot.IsValid():
		return t.Runs.Spot.Entry.TaskSpec()
	}
	return nil
}

// ScriptText is a script of a Task spec.
type ScriptText struct {
	Text string
	Spot Spot
	// Inline reports whether it is an argument of a command line such as sh -c SCRIPT.
	Inline bool
}

// Scripts returns a sequence of the scripts of the spec: those of its steps and
// sidecars, and those in command lines.
func (t *TaskSpec) Scripts() iter.Seq[ScriptText] {
	return func(yield func(ScriptText) bool) {
		all := t.Containers()
		for i := range all {
			c := &all[i]
			if c.Script != "" && !yield(ScriptText{c.Script, c.Spot.Field("script"), false}) {
				return
			}
			line := slices.Concat(c.Command, c.Args)
			at := InlineScript(line, len(c.Command))
			if at < 0 {
				continue
			}
			s := c.Spot.Index("command", at)
			if at >= len(c.Command) {
				s = c.Spot.Index("args", at-len(c.Command))
			}
			if !yield(ScriptText{line[at], s, true}) {
				return
			}
		}
	}
}

// VariablesIn returns the variables in a text: $(...), and {{ ... }} of
// Pipelines-as-Code.
func VariablesIn(text string) []string {
	var out []string
	for m := range tekref.Scan(text) {
		if !m.Open {
			out = append(out, m.String())
		}
	}
	return append(out, pacVariable.FindAllString(text, -1)...)
}

// Author returns what the author of the value has written: comment, pull request.
func (v *StrangerValue) Author() string {
	switch {
	case strings.Contains(v.What, "comment"):
		return "comment"
	case strings.Contains(v.What, "issue"):
		return "issue"
	}
	return "pull request"
}

// StrangerTexts returns the values of [Trigger.StrangerValues] that strangers write.
func (t *Trigger) StrangerTexts() Carried {
	return carriedBy(slices.DeleteFunc(slices.Clone(t.StrangerValues()), func(v StrangerValue) bool { return !v.Text }))
}
