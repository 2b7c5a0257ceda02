package facts

import (
	"reflect"
	"strconv"
	"strings"

	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Template is the spec of a TriggerTemplate, or of a template in a trigger.
type Template struct {
	Spot  Spot   // of the spec
	Label string // for sentences: TriggerTemplate "build", the template of trigger "push"
	Spec  *triggersv1beta1.TriggerTemplateSpec
	// Bodies are the objects that it creates.
	Bodies []*Body

	used      map[string]bool
	names     names
	emptiedBy map[string]*Trigger // by the text
	asked     int
}

// Body is an object that a template creates.
type Body struct {
	Template *Template
	Spot     Spot // of the object, in the template
	// Kind is the kind that the object declares.
	Kind string
	// Content is the object without the values that cannot be read before an event sets
	// them; nil if it is not an object.
	Content map[string]any
	// Entry is the object; nil if it has no apiVersion or no kind.
	Entry *Entry
	// Misfits are the values that do not match the type of their field.
	Misfits []Misfit
	// Strays are the unknown fields.
	Strays []Stray
	// Uses are the $(...) in the texts of the object.
	Uses []Use

	foreignTexts []Text

	opaque bool // the API server leaves the value that is read to Tekton
}

// Misfit is a value that does not match the type of its field.
type Misfit struct {
	Spot  Spot
	Value any
	Type  reflect.Type
	// Grammar reports whether the type has its own syntax, like quantities and
	// durations.
	Grammar bool
}

// Stray is a field that does not exist in its kind.
type Stray struct {
	Spot  Spot
	Name  string
	Known []string // the known fields, sorted
	// Meant is the field of a similar name that is not set, "" if there is none.
	Meant string
	// Help says where the field belongs, "" if that is not known.
	Help string
	// Exact is the field that Tekton reads it as, because only the case differs and the
	// API server leaves the reading to Tekton.
	Exact string
}

// Templates returns the templates in the object.
func (e *Entry) Templates() []*Template {
	if e.templatesDone {
		return e.templates
	}
	e.templatesDone = true
	add := func(s Spot, label string, spec *triggersv1beta1.TriggerTemplateSpec) {
		t := &Template{Spot: s, Label: label, Spec: spec}
		for i := range spec.ResourceTemplates {
			t.Bodies = append(t.Bodies, newBody(t, s.Index("resourcetemplates", i), spec.ResourceTemplates[i].Raw))
		}
		e.templates = append(e.templates, t)
	}
	inTrigger := func(s Spot, label string, t *triggersv1beta1.TriggerSpecTemplate) {
		if t != nil && t.Ref == nil && t.Spec != nil {
			add(s.Field("template", "spec"), "the template of "+label, t.Spec)
		}
	}
	switch o := e.Event; {
	case o.Template != nil:
		add(e.At("spec"), e.Ref.String(), &o.Template.Spec)
	case o.Trigger != nil:
		inTrigger(e.At("spec"), e.Ref.String(), &o.Trigger.Spec.Template)
	case o.Listener != nil:
		for i := range o.Listener.Spec.Triggers {
			t := &o.Listener.Spec.Triggers[i]
			if t.TriggerRef != "" && t.Template == nil {
				continue
			}
			inTrigger(e.At("spec").Index("triggers", i), InlineTriggerLabel(e, t.Name), t.Template)
		}
	}
	return e.templates
}

// InlineTriggerLabel returns the label of a trigger in an EventListener for
// sentences.
func InlineTriggerLabel(listener *Entry, name string) string {
	if name == "" {
		return "a trigger of " + listener.Ref.String()
	}
	return "trigger " + strconv.Quote(name) + " of " + listener.Ref.String()
}

// Bodies returns the objects that the templates in the object create.
func (e *Entry) Bodies() []*Body {
	var out []*Body
	for _, t := range e.Templates() {
		out = append(out, t.Bodies...)
	}
	return out
}

// Names returns the names of the declared params.
func (t *Template) Names() []string { return t.declared().list }

func (t *Template) declared() *names {
	return t.names.of(func() []string {
		return namesOf(t.Spec.Params, func(p *triggersv1beta1.ParamSpec) string { return p.Name })
	})
}

// UsedParams returns the names of the params that the objects of the template use. A
// misspelled name also counts as a use of the param that was most likely meant.
func (t *Template) UsedParams() map[string]bool {
	if t.used != nil {
		return t.used
	}
	t.used = map[string]bool{}
	names := t.Names()
	for i := range t.Spec.ResourceTemplates {
		for _, name := range tekref.TemplateParams(string(t.Spec.ResourceTemplates[i].Raw)) {
			t.used[name] = true
		}
	}
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			name, isParam := strings.CutPrefix(u.Expr, tekref.TemplatePrefix)
			root, _ := tekref.Root(u.Expr)
			switch {
			case u.Open && root == "tt":
				t.used[suggest.Name(name, names)] = true
				t.used[name] = true
			case u.Open, isParam && t.Declares(name):
			case isParam && tekref.IsTemplateParam(name):
				t.used[suggest.Name(name, names)] = true // so that one mistake is reported once
			case root == "tt":
				if name, ok := t.MeantParam(u.Expr); ok {
					t.used[name] = true
				}
			case root == "params" && !b.OwnParams(u.Spot) && t.Declares(u.Var.Name):
				t.used[u.Var.Name] = true
			}
		}
		if b.Entry == nil {
			continue
		}
		problems := b.Entry.Problems()
		for i := range problems {
			switch problems[i].Kind {
			case UnknownParam, UnknownDefault, UnsetParam, UnknownRunParam:
				t.used[problems[i].Var.Name] = true
			}
		}
		for _, pod := range b.Entry.PodParams() {
			t.used[pod.Use.Var.Name] = true
		}
	}
	return t.used
}

// MeantParam returns the param that a malformed expression was most likely meant to be;
// false if the expression has no name.
func (t *Template) MeantParam(expr string) (name string, ok bool) {
	name = strings.TrimSpace(expr)
	for _, cut := range [...]string{"tt.params", "tt.param", "tt"} {
		if rest, ok := strings.CutPrefix(name, cut); ok {
			name = strings.Trim(rest, `.[]'" `)
			break
		}
	}
	if !tekref.IsTemplateParam(name) {
		return name, false
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 && !t.Declares(name) {
		name = name[i+1:]
	}
	return name, true
}

// OwnParams reports whether $(params.NAME) may have a meaning at a place of the
// object, which it has in a pipeline or a task.
func (b *Body) OwnParams(s Spot) bool {
	path, _ := s.Path.Cut(b.Spot.Path)
	switch {
	case path.At(0).Name == "metadata":
		return false
	case b.Kind == "Pipeline" || b.Kind == "Task" || b.Kind == "StepAction":
		return true
	case path.At(0).Name != "spec" || path.Len() < 3:
		return false
	}
	switch path.At(1).Name {
	case "pipelineSpec", "taskSpec", "podTemplate", "workspaces":
		return true
	}
	return false
}

// Declares reports whether the template declares the param.
func (t *Template) Declares(name string) bool { return t.declared().has(name) }

// Body returns the object of a template if e is one; nil for other objects.
func (e *Entry) Body() *Body { return e.body }
