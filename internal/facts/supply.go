package facts

import (
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// BindingParam is a param with its value in a TriggerBinding, in a
// ClusterTriggerBinding, or in the bindings of a trigger itself.
type BindingParam struct {
	Name, Value string
	Spot        Spot   // of the value
	By          string // its source in a sentence
	Binding     *Entry // nil if it is in a trigger

	takes     []Taken
	takesDone bool
}

// Taken is a $(...) in the value of a param that reads the event.
type Taken struct {
	tekref.Match
	Text string // the $(...) as written
	Last bool   // no other $(...) begins after it
	Path jsonpath.Path
	Err  error // why the expression is not a valid path
}

// Takes returns the $(...) in the value.
func (p *BindingParam) Takes() []Taken {
	if !p.takesDone {
		p.takesDone = true
		for m := range tekref.ScanBinding(p.Value) {
			x := Taken{Match: m, Text: p.Value[m.Start:m.End], Last: m.End == len(p.Value)}
			if !m.Open {
				x.Path, x.Err = jsonpath.Parse(m.Expr)
			}
			p.takes = append(p.takes, x)
		}
	}
	return p.takes
}

// BindingParams returns the params of a TriggerBinding or a ClusterTriggerBinding.
func (e *Entry) BindingParams() []*BindingParam {
	if e.Event.Binding == nil {
		return nil
	}
	rare := e.rarely()
	if e.bindingDone {
		return rare.bindingParams
	}
	e.bindingDone = true
	for i := range e.Event.Binding.Params {
		p := &e.Event.Binding.Params[i]
		rare.bindingParams = append(rare.bindingParams, &BindingParam{
			Name: p.Name, Value: p.Value, Spot: e.At("spec").Index("params", i).Field("value"), By: e.Ref.String(), Binding: e,
		})
	}
	return rare.bindingParams
}

// BindingOf returns the TriggerBinding or ClusterTriggerBinding that an item of
// the bindings of the trigger refers to; nil if it is not in the set, or the item
// is not a reference.
func (t *Trigger) BindingOf(b *v1beta1.TriggerSpecBinding) *Entry {
	if b == nil || b.Ref == "" {
		return nil
	}
	kind, e := b.Kind, t.Spot.Entry
	if kind == "" {
		kind = v1beta1.NamespacedTriggerBindingKind // the default that the webhook sets
	}
	if found := e.set.Find(string(kind), e.Ref.Namespace, b.Ref, e); found != nil && found.Event.Binding != nil {
		return found
	}
	return nil
}

// BindingUsers returns the triggers of the set that refer to a TriggerBinding or
// ClusterTriggerBinding.
func (e *Entry) BindingUsers() []*Trigger {
	s := e.set
	s.asked(Events)
	if s.bindingUsers == nil {
		s.bindingUsers = map[*Entry][]*Trigger{}
		for _, user := range s.All() {
			for _, t := range user.Triggers() {
				for _, b := range t.Bindings {
					found := t.BindingOf(b)
					// A trigger that lists it twice was the last one.
					if users := s.bindingUsers[found]; found != nil && (len(users) == 0 || users[len(users)-1] != t) {
						s.bindingUsers[found] = append(s.bindingUsers[found], t)
					}
				}
			}
		}
	}
	return s.bindingUsers[e]
}

// Supply returns the params that the bindings of the trigger set. It is not complete
// if a binding is not in the set.
func (t *Trigger) Supply() (params []*BindingParam, complete bool) {
	t.Spot.Entry.set.asked(Events)
	if !t.supplyDone {
		t.supplyDone = true
		for i, b := range t.Bindings {
			switch {
			case b == nil:
			case b.Ref != "":
				if e := t.BindingOf(b); e != nil {
					t.supply = append(t.supply, e.BindingParams()...)
				} else {
					t.supplyLacks = true
				}
			case b.Name != "" && b.Value != nil:
				t.supply = append(t.supply, &BindingParam{Name: b.Name, Value: *b.Value, Spot: t.Spot.Index("bindings", i).Field("value"), By: t.Label})
			}
		}
	}
	return t.supply, !t.supplyLacks
}

// OwnParams returns the params in the bindings of the trigger itself.
func (t *Trigger) OwnParams() []*BindingParam {
	var out []*BindingParam
	all, _ := t.Supply()
	for _, p := range all {
		if p.Binding == nil {
			out = append(out, p)
		}
	}
	return out
}

// TemplateParams returns the names of the params that the template of the trigger
// declares.
func (t *Trigger) TemplateParams() []string {
	spec, _, _ := t.TemplateOf()
	if spec == nil {
		return nil
	}
	return t.Spot.Entry.set.templateParam(spec).names.list
}

// TemplateDeclares reports whether the template of the trigger declares a param.
func (t *Trigger) TemplateDeclares(name string) bool {
	spec, _, _ := t.TemplateOf()
	return spec != nil && t.Spot.Entry.set.templateParam(spec).names.has(name)
}

// templateParam are the params of a template. Many triggers may use it.
type templateParam struct {
	names    names
	required []int             // the indexes of those that have no default and are used
	defaults map[string]string // of two params with the same name, the last default counts
}

func (s *Set) templateParam(spec *v1beta1.TriggerTemplateSpec) *templateParam {
	if out := s.templateDeclares[spec]; out != nil {
		return out
	}
	out, used := &templateParam{}, s.paramsOf(spec)
	out.names.of(func() []string { return namesOf(spec.Params, func(p *v1beta1.ParamSpec) string { return p.Name }) })
	for i := range spec.Params {
		p := &spec.Params[i]
		switch {
		case p.Default != nil:
			if out.defaults == nil {
				out.defaults = map[string]string{}
			}
			out.defaults[p.Name] = *p.Default
		case used[p.Name]:
			out.required = append(out.required, i)
		}
	}
	if s.templateDeclares == nil {
		s.templateDeclares = map[*v1beta1.TriggerTemplateSpec]*templateParam{}
	}
	s.templateDeclares[spec] = out
	return out
}

// TemplateUses reports whether the template of the trigger uses a param with exactly
// that name.
func (t *Trigger) TemplateUses(name string) bool {
	if t.used == nil {
		spec, _, _ := t.TemplateOf()
		t.used = t.Spot.Entry.set.paramsOf(spec)
	}
	return t.used[name]
}

// paramsOf returns the params that a template uses. Many triggers may use it.
func (s *Set) paramsOf(spec *v1beta1.TriggerTemplateSpec) map[string]bool {
	if used, ok := s.templateParams[spec]; ok {
		return used
	}
	used := map[string]bool{}
	if spec != nil {
		for i := range spec.ResourceTemplates {
			for _, name := range tekref.TemplateParams(string(spec.ResourceTemplates[i].Raw)) {
				used[name] = true
			}
		}
	}
	if s.templateParams == nil {
		s.templateParams = map[*v1beta1.TriggerTemplateSpec]map[string]bool{}
	}
	s.templateParams[spec] = used
	return used
}

// Unsupplied returns the indexes of the params that the template of the trigger uses
// and that no binding sets.
func (t *Trigger) Unsupplied() []int {
	spec, _, _ := t.TemplateOf()
	if spec == nil {
		return nil
	}
	given, _ := t.Supply()
	required := t.Spot.Entry.set.templateParam(spec).required
	if len(required) == 0 {
		return nil
	}
	set := make(map[string]bool, len(given))
	for _, g := range given {
		set[g.Name] = true
	}
	var out []int
	for _, i := range required {
		if !set[spec.Params[i].Name] {
			out = append(out, i)
		}
	}
	return out
}

// Meant returns the param that the bindings of the trigger set, that its template
// does not declare, and that most likely was meant to be the one with that name; ""
// if there is none.
func (t *Trigger) Meant(name string) string {
	given, _ := t.Supply()
	var extra []string
	for _, p := range given {
		if !t.TemplateDeclares(p.Name) {
			extra = append(extra, p.Name)
		}
	}
	return suggest.Name(name, extra)
}

// Constants returns the parts of the value that Tekton does not read from the event.
func (p *BindingParam) Constants() []string {
	takes := p.Takes()
	if len(takes) == 0 {
		return []string{p.Value}
	}
	out := []string{}
	from := 0
	for i := range takes {
		out = append(out, p.Value[from:takes[i].Start])
		from = takes[i].End
	}
	return append(out, p.Value[from:])
}
