package importer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/builder"
)

// actionType is a StepAction type, with the names of its fields by the names in YAML.
type actionType struct {
	*plan.Type
	params  map[string]inputField
	results map[string]outputField
	origin  map[string]string // fields for params of the resolver
}

// actionSpec is the part of a StepAction that its callers see.
type actionSpec struct {
	params  []v1.ParamSpec
	results []v1.StepResult
}

// newActionType returns a type with the inputs and results of a StepAction, and the
// variables of its Define method.
func (w *writer) newActionType(name, object, doc string, spec actionSpec) (*actionType, *taskBody) {
	t := &actionType{
		Type: &plan.Type{
			Name: name, Object: object, Doc: doc, Action: true, In: &plan.Var{Name: "in"}, Param: &plan.Var{Name: "a"},
		},
		params: map[string]inputField{}, results: map[string]outputField{}, origin: map[string]string{},
	}
	outer := newNames(w.index.names)
	outer.taken[t.In.Name] = true
	b := w.newTaskBody(t.Param, object, "spec", outer, nil)
	b.action = true
	fields := newNames(nil)
	fields.taken["StepActionName"], fields.taken["Define"] = true, true
	for i := range spec.params {
		p := typed(&spec.params[i])
		f := fields.take(w.index.Spelling.exported(p.Name), "Param")
		kind, method, args := plan.TaskString, "Param", []plan.Expr{plan.Text(p.Name), t.In.Of(f)}
		d := &declared{v: b.variable(p.Name, "Param"), kind: p.Type}
		switch p.Type {
		case v1.ParamTypeArray:
			kind, method = plan.TaskArray, "ArrayParam"
		case v1.ParamTypeObject:
			kind, method, args = plan.TaskObject, "ObjectParam", append(args, plan.Literal{Value: keysOf(p.Properties)})
			d.keys = set(strings.Join(keysOf(p.Properties), " "))
		}
		t.params[p.Name] = inputField{field: f, kind: p.Type}
		t.Fields = append(t.Fields, inputOf(f, kind, p.Description, needed(p)))
		b.add(d.v, plan.Method(t.Param, method, append(args, paramOptions(p)...)...))
		from(b.body, fmt.Sprintf("spec.params[%d]", i))
		b.scope.params[p.Name] = d
	}
	out := newNames(nil)
	for i := range spec.results {
		r := &spec.results[i]
		v := b.variable(r.Name, "Result")
		b.stepResult(v, t.Param, r)
		from(b.body, fmt.Sprintf("spec.results[%d]", i))
		b.stepResults[[2]string{"", r.Name}] = v
		f := w.index.Spelling.exported(r.Name)
		if _, ok := reflect.TypeFor[*builder.Step]().MethodByName(f); ok || f == "Step" {
			f += "Result"
		}
		f = out.take(f, "Result")
		kind := map[v1.ResultsType]plan.Kind{v1.ResultsTypeArray: plan.TaskArray, v1.ResultsTypeObject: plan.TaskObject}[r.Type]
		if kind == "" {
			kind = plan.TaskString
		}
		t.results[r.Name] = outputField{f, v1.ParamType(r.Type)}
		t.Out = append(t.Out, plan.Field{Name: f, Kind: kind, Doc: r.Description})
		t.Returns = append(t.Returns, plan.Set{Field: f, Value: plan.Method(v, "Value")})
	}
	return t, b
}

// writeAction translates a StepAction to a type.
func (w *writer) writeAction(o *v1beta1.StepAction) *actionType {
	t, b := w.newActionType(w.name("", w.index.Spelling.exported(o.Name), "Action"), o.Name, o.Spec.Description, actionSpec{o.Spec.Params, o.Spec.Results})
	b.describe(t.Param, o.Labels, o.Annotations, o.Spec.Description, "spec.description")
	s := &o.Spec
	c := &chain{t.Param}
	b.common(c, &container{
		at: "spec", name: "script", image: s.Image, script: s.Script, command: s.Command, args: s.Args, dir: s.WorkingDir, env: s.Env, security: s.SecurityContext,
	})
	for i := range s.VolumeMounts {
		b.mount(c, b.scope.text(s.VolumeMounts[i].Name), &s.VolumeMounts[i])
	}
	w.mutate(c, "spec", reflect.TypeFor[v1beta1.StepActionSpec]())
	if c.e != plan.Expr(t.Param) {
		b.add(nil, c.e)
	}
	from(b.body, "spec")
	t.Body = b.body
	w.own, w.types = t.Type, append(w.types, t.Type)
	return t
}

// actionStep returns the call that adds a step that runs a StepAction, or nil if there is
// none.
func (b *taskBody) actionStep(s *v1.Step, v *plan.Var) plan.Expr {
	t := b.actionOf(s)
	if t == nil {
		return nil
	}
	m := plan.Make{Type: t.Type}
	for _, p := range s.Params {
		f, ok := t.params[p.Name]
		if !ok {
			continue
		}
		if e := b.scope.value(f.kind, &p.Value); e != nil {
			m.Fields = append(m.Fields, plan.Set{Field: f.field, Value: e})
		}
	}
	for _, p := range s.Ref.Params {
		if f, ok := t.origin[p.Name]; ok {
			m.Fields = append(m.Fields, plan.Set{Field: f, Value: b.scope.text(p.Value.StringVal)})
		}
	}
	for name, f := range t.results {
		b.scope.outputs[[2]string{s.Name, name}] = handleOf{kind: f.kind, use: func() plan.Expr { return v.Of(f.field) }}
	}
	return plan.Fn("AddStepAction", b.t, plan.Text(s.Name), m)
}

// actionOf returns the type of the StepAction that a step runs.
func (b *taskBody) actionOf(s *v1.Step) *actionType {
	if s.Ref.Resolver != "" {
		return b.remoteAction(s)
	}
	o, file := b.w.index.find("StepAction", s.Ref.Name, b.w.file, func(o runtime.Object) bool {
		a, ok := o.(*v1beta1.StepAction)
		return ok && !slices.ContainsFunc(s.Params, func(p v1.Param) bool {
			return !slices.ContainsFunc(a.Spec.Params, func(d v1.ParamSpec) bool { return d.Name == p.Name })
		})
	})
	if a, ok := o.(*v1beta1.StepAction); ok && !b.w.index.isKnown(a) {
		if t := b.w.action(a, file); t != nil { // it is nil for a StepAction that is no Go
			return t
		}
	}
	return b.remoteAction(s)
}

// remoteAction returns a type for a StepAction that is not among the objects. Its inputs
// are those that the step sets.
func (b *taskBody) remoteAction(s *v1.Step) *actionType {
	var spec actionSpec
	for i := range s.Params {
		p := &s.Params[i]
		d := v1.ParamSpec{Name: p.Name, Type: p.Value.Type}
		switch x, ok := b.scope.only(p.Value.StringVal); {
		case p.Value.Type == v1.ParamTypeObject:
			d.Properties = map[string]v1.PropertySpec{}
			for k := range p.Value.ObjectVal {
				d.Properties[k] = v1.PropertySpec{Type: v1.ParamTypeString}
			}
		case ok && b.scope.whole(x, v1.ParamTypeArray) != nil:
			d.Type = v1.ParamTypeArray
		}
		spec.params = append(spec.params, d)
	}
	for _, r := range b.used[s.Name] {
		spec.results = append(spec.results, v1.StepResult{Name: r})
	}
	name := s.Ref.Name
	if s.Ref.Resolver != "" {
		name = refName(s.Ref.Resolver, s.Ref.Params, s.Name)
	}
	t, body := b.w.newActionType(b.w.name(b.at+" "+s.Name+" action", b.w.index.Spelling.exported(name), "Action"), name, "", spec)
	if s.Ref.Resolver == "" {
		body.add(nil, plan.Method(t.Param, "Existing"))
	} else if from := actionOrigin(t, s.Ref); from != nil {
		body.add(nil, plan.Method(t.Param, "From", from))
	}
	t.Body = body.body
	return t
}

// actionOrigin returns the resolver of a StepAction. What it takes from the task becomes an
// input of the type.
func actionOrigin(t *actionType, r *v1.Ref) plan.Expr {
	fields := newNames(nil)
	for _, f := range t.Fields {
		fields.taken[f.Name] = true
	}
	e := plan.Fn("NewResolver", plan.Text(r.Resolver))
	var plain v1.Params
	for _, p := range r.Params {
		if !strings.Contains(p.Value.StringVal, "$(") {
			plain = append(plain, p)
		}
	}
	if len(plain) == len(r.Params) {
		return resolverCall(newScope(true), r.Resolver, r.Params)
	}
	for i := range r.Params {
		p := &r.Params[i]
		if p.Value.Type != v1.ParamTypeString {
			return nil
		}
		if !strings.Contains(p.Value.StringVal, "$(") {
			e = plan.Method(e, "With", plan.Text(p.Name), plan.Text(p.Value.StringVal))
			continue
		}
		f := fields.take("From"+exported(p.Name), "")
		t.origin[p.Name] = f
		t.Fields = append(t.Fields, plan.Field{Name: f, Kind: plan.TaskString, Doc: "Where the StepAction is fetched from: " + p.Name + " of the resolver."})
		e = plan.Method(e, "WithTaskString", plan.Text(p.Name), t.In.Of(f))
	}
	return e
}
