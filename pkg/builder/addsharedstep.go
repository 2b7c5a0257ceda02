package builder

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// AddSharedStep is like [AddSteps], but makes the step of the other task type a
// StepAction with the name that TaskName returns, which all tasks share. It adds a step
// with the given name:
//
//	clone := builder.AddSharedStep(t, "clone", tasks.GitClone{URL: b.URL, Output: b.Source})
//	t.Step("log").Env("COMMIT", t.StepResultOf(clone.Commit).Value()).Script(`echo "$COMMIT"`)
//
// The params of the StepAction are the inputs of the task type, and the paths of the workspaces
// that its step uses. The results are results of the step, so that
// later steps can use them as values: see [Task.StepResultOf].
//
// Tekton allows a single container in a StepAction, and no variables in its script. So the
// task type must have one step, and neither sidecars nor volumes. Its results must be
// strings, and none of its inputs an object.
func AddSharedStep[T TaskType[Out], Out TaskOutput](t *Task, name string, task T) Out {
	t = t.orNew()
	at := callsite.Here()
	out, part := defineSteps[T, Out](t, at, name, task)
	if part != nil {
		part.share(at)
	}
	t.merge(part)
	return out
}

// share makes the step of a part of a task a StepAction, if it can be one.
func (t *Task) share(at place) {
	reason := t.unshareable()
	if reason != "" {
		t.reportf(at, "stepaction-invalid", "the steps of %s cannot become a StepAction: %s", t.typeName, reason).
			Help = "add them with AddSteps"
		return
	}
	s := t.steps[0]
	s.name = strings.TrimSuffix(t.prefix, "-")
	a := newStepAction(s, t.name, t.problems)
	a.typeName, a.desc = t.typeName, t.desc
	for _, p := range t.params {
		d := *p
		d.name = strings.TrimPrefix(p.name, t.prefix)
		in := &actionInput{at: at, name: d.name, kind: d.kind}
		if d.kind == arrayKind {
			in.array = TaskArray{newArray(t.scope, tekref.ParamOf(p.name)).d}
		} else {
			in.text = TaskString(t.token(handle.Value, tekref.ParamOf(p.name)))
		}
		a.params, a.inputs = append(a.params, &d), append(a.inputs, in)
	}
	for _, r := range t.results {
		d := *r
		d.name = strings.TrimPrefix(r.name, t.prefix)
		a.results = append(a.results, &d)
	}
	m := sharing{Task: t, action: a, at: at}
	a.def = s.container
	a.def.scope, a.def.name, a.def.requests, a.def.limits, a.def.pull = a.scope, t.name, nil, nil, said{}
	m.container(&a.def)
	if m.inScript {
		t.reportf(at, "stepaction-invalid", "the steps of %s cannot become a StepAction: its script contains the path of a workspace", t.typeName).
			Help = `pass PathValue to Env and write "$NAME" in the script`
		return
	}
	s.container = container{scope: s.scope, at: s.at, name: s.name, requests: s.requests, limits: s.limits, pull: s.pull}
	s.action = a
	for i, r := range t.results {
		r.step = StepResult{scope: t.scope, step: s.name, name: a.results[i].name}
		r.value, r.fromStep = r.step.Value(), true
	}
}

// unshareable returns why the steps of the task cannot become a StepAction, or "".
func (t *Task) unshareable() string {
	for _, p := range t.params {
		if p.kind == objectKind {
			return "input " + quote(p.name) + " is an object"
		}
	}
	for _, r := range t.results {
		switch {
		case r.kind != stringKind:
			return "result " + quote(r.name) + " is not a string"
		case r.fromStep:
			return "result " + quote(r.name) + " is one of a step"
		}
	}
	switch {
	case len(t.steps) != 1:
		return "there must be a single step"
	case len(t.sidecars) > 0:
		return "it has a sidecar"
	case len(t.volumes) > 0:
		return "it has volumes"
	}
	s := t.steps[0]
	switch {
	case s.action != nil:
		return "its step is one already"
	case s.envFrom != nil:
		return "its step uses EnvFrom"
	case s.isolate != nil:
		return "its step isolates a workspace"
	case s.mounts != nil:
		return "its step mounts a volume"
	case s.pasted != nil:
		return "its script contains inputs"
	case s.mutate != nil:
		return "its step calls Mutate"
	}
	return ""
}

// sharing replaces the variables of a step by those of the StepAction that it becomes.
type sharing struct {
	*Task    // the part with the step
	action   *StepAction
	at       place
	inScript bool // the script contains the path of a workspace
}

func (m *sharing) container(c *container) {
	texts := func(list []said) []said {
		out := make([]said, len(list))
		for i, x := range list {
			out[i] = said{x.at, m.text(x.v)}
		}
		return out
	}
	c.image.v, c.dir.v = m.text(c.image.v), m.text(c.dir.v)
	c.command, c.args = texts(c.command), texts(c.args)
	env := make([]envVar, len(c.env))
	for i, e := range c.env {
		e.value, e.secret, e.configMap, e.key = m.text(e.value), m.text(e.secret), m.text(e.configMap), m.text(e.key)
		env[i] = e
	}
	c.env = env
	c.script.v = m.text(c.script.v)
	for _, p := range m.action.params[len(m.params):] {
		m.inScript = m.inScript || strings.Contains(string(c.script.v), m.action.token(handle.Value, tekref.ParamOf(p.name)))
	}
}

// text returns a text of the step as the StepAction has it.
func (m *sharing) text(s TaskString) TaskString {
	parts, fault := handle.Parse(string(s))
	if fault != handle.NoFault {
		return s // reported when it is lowered
	}
	if s == EmptyTaskString {
		return s
	}
	var out strings.Builder
	for _, p := range parts {
		switch {
		case p.Token == nil:
			out.WriteString(m.plain(p.Text))
		case p.Token.Owner.ID == m.owner.ID:
			tok := *p.Token
			tok.Owner = m.action.owner
			for _, open := range []string{"params.", `params["`} {
				if rest, ok := strings.CutPrefix(tok.Expr, open+m.prefix); ok {
					tok.Expr = open + rest
				}
			}
			out.WriteString(tok.String())
		default:
			out.WriteString(p.Token.String())
		}
	}
	return TaskString(out.String())
}

// plain replaces the paths of results and workspaces.
func (m *sharing) plain(s string) string {
	for _, r := range m.action.results {
		s = strings.ReplaceAll(s, tekref.ResultPathOf(m.prefix+r.name).String(), tekref.StepResultPathOf(r.name).String())
	}
	for _, w := range m.workspaces {
		for _, field := range tekref.WorkspaceFields() {
			v := tekref.WorkspaceOf(w.name, field)
			if !strings.Contains(s, v.String()) {
				continue
			}
			s = strings.ReplaceAll(s, v.String(), string(m.param(strings.TrimPrefix(w.name, m.prefix)+"-"+field, v)))
		}
	}
	return s
}

// param returns the param of the StepAction for a variable of a workspace.
func (m *sharing) param(name string, v tekref.Variable) TaskString {
	if !slices.ContainsFunc(m.action.params[len(m.params):], func(p *paramDecl) bool { return p.name == name }) {
		m.action.params = append(m.action.params, &paramDecl{at: m.at, name: name, kind: stringKind, desc: "the " + v.Name + " of workspace " + strings.TrimPrefix(v.Owner, m.prefix)})
		m.action.inputs = append(m.action.inputs, &actionInput{at: m.at, name: name, kind: stringKind, text: TaskString(v.String())})
	}
	return TaskString(m.action.token(handle.Value, tekref.ParamOf(name)))
}
