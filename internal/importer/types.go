package importer

import (
	"reflect"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/builder"
)

// taskType is a task type, with the names of its fields by the names in YAML.
type taskType struct {
	*plan.Type
	params     map[string]inputField
	workspaces map[string]inputField
	results    map[string]outputField

	mounts map[string]*plan.Var
	names  *names            // of the fields of the output
	spaces map[string]string // fields of the output for workspaces, made on first use
	origin map[string]string // fields for params of the resolver

	index *Index
	owner string // the identity of the Task whose type it is, "" for another type
}

type inputField struct {
	field    string
	kind     v1.ParamType
	readOnly bool
}

type outputField struct {
	field string
	kind  v1.ParamType
}

// hidesMethod reports whether a field of an output must not have this name.
func hidesMethod(name string) bool {
	_, ok := reflect.TypeFor[*builder.PipelineTask]().MethodByName(name)
	return ok || name == "PipelineTask"
}

// newTaskType returns a type with the inputs and results of a Task.
func (x *Index) newTaskType(name, object, doc, owner string, spec *v1.TaskSpec) *taskType {
	t := &taskType{
		Type: &plan.Type{
			Name: name, Object: object, Doc: doc, In: &plan.Var{Name: "in"}, Param: &plan.Var{Name: "t"},
		},
		params: map[string]inputField{}, workspaces: map[string]inputField{}, results: map[string]outputField{},
		names: newNames(nil), spaces: map[string]string{}, origin: map[string]string{},
		index: x, owner: owner,
	}
	fields := newNames(nil)
	fields.taken["TaskName"], fields.taken["Define"] = true, true
	x.reserve(owner, "param", fields, named(spec.Params, func(p *v1.ParamSpec) string { return p.Name })...)
	x.reserve(owner, "workspace", fields, named(spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })...)
	x.reserve(owner, "result", t.names, named(spec.Results, func(r *v1.TaskResult) string { return r.Name })...)
	for i := range spec.Params {
		p := typed(&spec.Params[i])
		if other, ok := t.params[p.Name]; ok && other.kind == p.Type {
			continue // it is declared twice, and has one field
		}
		f := x.field(owner, "param", p.Name, fields, x.Spelling.exported(p.Name), "Param")
		t.params[p.Name] = inputField{field: f, kind: p.Type}
		t.Fields = append(t.Fields, inputOf(f, kindOf(p.Type), p.Description, needed(p)))
	}
	for _, w := range spec.Workspaces {
		if _, ok := t.workspaces[w.Name]; ok {
			continue
		}
		f := x.field(owner, "workspace", w.Name, fields, x.Spelling.exported(w.Name), "Workspace")
		t.workspaces[w.Name] = inputField{field: f, readOnly: w.ReadOnly}
		t.Fields = append(t.Fields, inputOf(f, plan.Workspace, w.Description, optional(w.Optional)))
	}
	return t
}

// named returns the names of a list.
func named[T any](list []T, name func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = name(&list[i])
	}
	return out
}

// inputOf returns the field of an input with its comment: its description, and whether it is
// required. Without a description, that is at the end of the line.
func inputOf(name string, kind plan.Kind, description, more string) plan.Field {
	f := plan.Field{Name: name, Kind: kind, Note: more}
	if strings.TrimSpace(description) != "" {
		f.Doc = sentences(description, more)
	}
	return f
}

// needed returns whether a param is required, or its default.
func needed(p *v1.ParamSpec) string {
	const longest = 60
	switch d := p.Default; {
	case d == nil:
		return "Required."
	case p.Type == v1.ParamTypeString && d.StringVal != "" && len(d.StringVal) <= longest && !strings.Contains(d.StringVal, "\n"):
		return "Default: " + d.StringVal
	}
	return "Optional."
}

func optional(is bool) string {
	if is {
		return "Optional."
	}
	return "Required."
}

// sentences joins a description and another sentence: in one line if the description is
// short.
func sentences(description, more string) string {
	description = strings.TrimSpace(description)
	switch {
	case description == "":
		return more
	case strings.Contains(description, "\n"):
		return description + "\n\n" + more
	case !strings.ContainsAny(description[len(description)-1:], ".!?:"):
		description += "."
	}
	return description + " " + more
}

// input returns the value of an input, as the Define method has it.
func (t *taskType) input(kind plan.Kind, name string) plan.Expr {
	if kind == plan.Workspace {
		return t.In.Of(t.workspaces[name].field)
	}
	return t.In.Of(t.params[name].field)
}

// outField returns a name for a field of the output.
func (t *taskType) outField(name, suffix string) string {
	f := t.index.Spelling.exported(name)
	if hidesMethod(f) {
		f += suffix
	}
	if suffix == "Result" {
		return t.index.field(t.owner, "result", name, t.names, f, suffix)
	}
	return t.names.take(f, suffix)
}

// finish adds the results to the output.
func (t *taskType) finish(spec *v1.TaskSpec, b *taskBody) {
	t.Body, t.mounts = b.body, b.scope.mounts
	for _, r := range spec.Results {
		kind := v1.ParamType(r.Type)
		if kind == "" {
			kind = v1.ParamTypeString
		}
		if _, ok := t.results[r.Name]; ok {
			continue
		}
		f := t.outField(r.Name, "Result")
		t.results[r.Name] = outputField{f, kind}
		t.Out = append(t.Out, plan.Field{Name: f, Kind: kindOf(kind), Doc: r.Description})
		t.Returns = append(t.Returns, plan.Set{Field: f, Value: plan.Method(b.scope.results[r.Name], "Value")})
	}
}

// space returns the field of the output for a workspace, "" if the task has none or only
// reads it.
func (t *taskType) space(name string) string {
	w, ok := t.workspaces[name]
	if !ok || w.readOnly || t.mounts[name] == nil {
		return ""
	}
	if f, ok := t.spaces[name]; ok {
		return f
	}
	f := t.outField(name, "Workspace")
	t.spaces[name] = f
	t.Out = append(t.Out, plan.Field{Name: f, Kind: plan.Workspace})
	t.Returns = append(t.Returns, plan.Set{Field: f, Value: plan.Method(t.mounts[name], "Value")})
	return f
}

// writeTask translates a Task to a type.
func (w *writer) writeTask(o *v1.Task) *taskType {
	return w.writeSpec(w.name("", w.index.Spelling.exported(o.Name), "Task"), o.Name, &o.Spec, o.Labels, o.Annotations, "spec", nil)
}

// writeSpec translates a definition of a task to a type. The function adds what is not in
// the spec.
func (w *writer) writeSpec(name, object string, spec *v1.TaskSpec, labels, annotations map[string]string, at string, more func(*taskType, *taskBody)) *taskType {
	owner := ""
	if _, ok := w.object.(*v1.Task); ok && at == "spec" {
		owner = w.index.ids[w.object]
	}
	t := w.index.newTaskType(name, object, spec.Description, owner, spec)
	outer := newNames(w.index.names)
	outer.taken[t.In.Name] = true
	b := w.newTaskBody(t.Param, object, at, outer, t.input)
	b.write(spec, labels, annotations)
	if more != nil {
		more(t, b)
	}
	t.finish(spec, b)
	if at != none {
		w.types = append(w.types, t.Type)
	}
	return t
}
