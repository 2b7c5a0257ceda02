package triggers

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Template describes a TriggerTemplate, for full control over the objects that a
// trigger creates. Pass it to [Listener.On] as the only object, or to
// [Trigger.Template]. Its params get their values from bindings (see [Trigger.Bind]).
type Template struct {
	owner    handle.Owner
	at       callsite.Place
	name     string
	existing bool
	embed    bool
	params   []param
	parts    []part
	mutate   callsite.Changes[v1beta1.TriggerTemplate]
	metadata
}

// part is an object that a template creates: a Resource or a text.
type part struct {
	at     callsite.Place
	create Resource
	raw    []byte // nil for create
}

// NewTemplate returns a TriggerTemplate with the given metadata.name and params.
// Runs use the params with the method Param, and objects in text form with the
// variable $(tt.params.NAME).
func NewTemplate(name string, params ...string) *Template {
	t := &Template{owner: handle.NewOwner(handle.Event, "template "+quoted(name)), at: callsite.Here(), name: name}
	for _, p := range params {
		t.params = append(t.params, param{at: t.at, name: p})
	}
	return t
}

// Default sets the default value of a param, which is used if no binding sets it. It
// adds the param if the template does not have it.
func (t *Template) Default(name, value string) *Template {
	if t != nil {
		p := t.param(callsite.Here(), name)
		p.value, p.hasDefault = value, true
	}
	return t
}

// Describe sets the description of a param. It adds the param if the template does not
// have it.
func (t *Template) Describe(name, text string) *Template {
	if t != nil {
		t.param(callsite.Here(), name).description = text
	}
	return t
}

// param returns the declaration of a param at the place of its last change. It is valid
// until the next one is added.
func (t *Template) param(at callsite.Place, name string) *param {
	for i := range t.params {
		if t.params[i].name == name {
			t.params[i].at = at
			return &t.params[i]
		}
	}
	t.params = append(t.params, param{at: at, name: name})
	return &t.params[len(t.params)-1]
}

// Existing means that the template is in the cluster already. Triggers refer to it by its
// name, and no object is written. If its params or objects are given, they are those of the
// object in the cluster: infra.ListenerRBAC derives the permissions to create them.
func (t *Template) Existing() *Template {
	if t != nil {
		t.existing = true
	}
	return t
}

// Embed embeds the template in its triggers (template.spec) instead of writing a
// TriggerTemplate object. Such a template needs no name.
func (t *Template) Embed() *Template {
	if t != nil {
		t.embed = true
	}
	return t
}

// Label sets a label of the TriggerTemplate.
func (t *Template) Label(key, value string) *Template {
	if t != nil {
		t.labels = with(t.labels, key, value)
	}
	return t
}

// Annotate sets an annotation of the TriggerTemplate.
func (t *Template) Annotate(key, value string) *Template {
	if t != nil {
		t.annotations = with(t.annotations, key, value)
	}
	return t
}

// Mutate registers a function that changes the TriggerTemplate before it is checked, for
// fields that have no method here. The function may be called more than once, each time
// with a new TriggerTemplate.
func (t *Template) Mutate(change func(*v1beta1.TriggerTemplate)) *Template {
	if t != nil {
		t.mutate.Add(callsite.Here(), change)
	}
	return t
}

// Param returns a param of the template, for use in the arguments, the name and the
// labels of the runs that it creates.
func (t *Template) Param(name string) builder.String {
	if t == nil || t.owner.ID == 0 {
		return ""
	}
	return builder.String(handle.Token{Owner: t.owner, Form: handle.Value, Expr: tekref.EventOf(name).Expr}.String())
}

// Create adds objects. They may use the params of the template, but not the fields
// of events, since a template is independent of events.
func (t *Template) Create(objects ...Resource) *Template {
	if t != nil {
		at := callsite.Here()
		for _, o := range objects {
			t.parts = append(t.parts, part{at: at, create: o})
		}
	}
	return t
}

// Raw adds an object in JSON or YAML. The variable $(tt.params.NAME) may be used in
// any field, even in one that is not a string in Go; the value is inserted as a
// string.
func (t *Template) Raw(object []byte) *Template {
	if t != nil {
		t.parts = append(t.parts, part{at: callsite.Here(), raw: append([]byte{}, object...)})
	}
	return t
}

// Object returns the TriggerTemplate.
func (t *Template) Object() (object.Object, error) {
	objects, err := t.Objects()
	if len(objects) == 0 || t.absent() {
		return object.Object{}, err
	}
	return objects[len(objects)-1], err
}

// absent reports whether no object is written for the template.
func (t *Template) absent() bool { return t.existing || t.embed }

// Objects returns the objects that the runs of the template refer to, followed by
// the TriggerTemplate. It returns no TriggerTemplate after [Template.Existing] and
// [Template.Embed]. It implements manifest.Source. The rules of package check
// are applied by the set that contains the objects.
func (t *Template) Objects() ([]object.Object, error) { return t.ObjectsIn(nil) }

// ObjectsIn is like Objects, for use by package manifest. The memo avoids repeated
// work for pipelines that several sources use.
func (t *Template) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	template, out, findings := t.build(m)
	if template.Object != nil && !t.absent() {
		out = append(out, template)
	}
	return out, distinct(findings).Err()
}

// build returns the template, and the objects that its runs refer to. Those of a template
// in the cluster are there as well.
func (t *Template) build(m *memo.Memo) (template object.Object, referenced []object.Object, findings diag.Findings) {
	if t == nil {
		return object.Object{}, nil, diag.Findings{{Code: "template-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "TriggerTemplate"},
			Message: "the template is nil", Help: "create it with NewTemplate"}}
	}
	about := reference("TriggerTemplate", t.name)
	o, bodies, out, findings := t.lower(m, about)
	var places callsite.Places
	for i, p := range t.params {
		places.Set(diag.Fields("spec", "params").Index(i), p.at)
	}
	findings = append(findings, t.mutate.Apply(o, about)...)
	template = templateObject(o, bodies, &places, t.at)
	if findings.Err() == nil {
		findings = append(findings, handles([]object.Object{template})...)
	}
	if t.existing {
		out = nil
	}
	return template, out, findings
}

// lower returns the upstream struct, the objects in it, and the objects that those
// refer to.
func (t *Template) lower(m *memo.Memo, about diag.ObjectRef) (o *v1beta1.TriggerTemplate, bodies, referenced []object.Object, findings diag.Findings) {
	o = &v1beta1.TriggerTemplate{TypeMeta: typeMeta("TriggerTemplate"), ObjectMeta: t.meta(t.name)}
	findings = t.misuses(about)
	declared := map[string]bool{}
	for _, p := range t.params {
		s := v1beta1.ParamSpec{Name: p.name, Description: handle.Strip(p.description)}
		if p.hasDefault {
			value := p.value
			s.Default = &value
		}
		if declared[p.name] {
			findings = append(findings, finding(p.at, about, "param-duplicate",
				"TriggerTemplate "+quoted(t.name)+" declares param "+quoted(p.name)+" twice", "remove one"))
		}
		findings = append(findings, named(p.at, about, paramName, "the name of a param", p.name)...)
		if !handle.Plain(p.value) {
			findings = append(findings, finding(p.at, about, "handle-misplaced",
				"the default of param "+quoted(p.name)+" contains a handle: "+quoted(p.value), "write it as plain text"))
		}
		declared[p.name] = true
		o.Spec.Params = append(o.Spec.Params, s)
	}
	add := func(at callsite.Place, raw []byte, body object.Object) {
		bodies = append(bodies, body)
		for _, name := range tekref.TemplateParams(string(raw)) {
			if !declared[name] {
				findings = append(findings, finding(at, about, "param-unknown",
					"an object of TriggerTemplate "+quoted(t.name)+" uses "+quoted(tekref.EventOf(name).String())+", which the template does not declare",
					"add "+quoted(name)+" to the params of NewTemplate"))
				declared[name] = true
			}
		}
		o.Spec.ResourceTemplates = append(o.Spec.ResourceTemplates,
			v1beta1.TriggerResourceTemplate{RawExtension: runtime.RawExtension{Raw: raw}})
	}
	for _, p := range t.parts {
		raw, more := []byte(nil), diag.Findings(nil)
		body := object.Object{Locate: new(callsite.Places).Locate(p.at)}
		if p.raw == nil {
			var parts builder.Parts
			raw, parts, more = resourceJSON(m, p.at, about, p.create, t.owner, nil)
			body, referenced = parts.Object, append(referenced, parts.Dependencies...)
			for _, name := range foreign(parts.Fields, t.owner) {
				declared[name] = true // reported already
			}
		} else {
			raw, more = t.text(p, about)
		}
		findings = append(findings, more...)
		if raw == nil {
			continue
		}
		add(p.at, raw, body)
	}
	if len(t.parts) == 0 && !t.existing && len(t.mutate) == 0 {
		findings = append(findings, finding(t.at, about, "template-invalid",
			"TriggerTemplate "+quoted(t.name)+" creates nothing", "add a run with Create"))
	}
	return o, bodies, referenced, findings
}

// misuses reports an invalid name, and calls without an effect.
func (t *Template) misuses(about diag.ObjectRef) diag.Findings {
	var out diag.Findings
	if !t.embed || t.existing {
		out = named(t.at, about, objectName, "the name of a template", t.name)
	}
	what := "TriggerTemplate " + quoted(t.name)
	switch {
	case t.existing && t.embed:
		out = append(out, finding(t.at, about, "template-invalid", what+" is Existing, so it cannot be embedded", "remove Existing or Embed"))
	case t.existing && (!t.metadata.empty() || len(t.mutate) > 0):
		out = append(out, finding(t.at, about, "template-invalid",
			what+" is Existing, so its labels, annotations and Mutate have no effect", "remove these calls, or remove Existing"))
	case t.embed && !t.metadata.empty():
		out = append(out, finding(t.at, about, "template-invalid",
			what+" is embedded, so its labels and annotations have no effect", "remove them, or remove Embed"))
	}
	return out
}

// text returns the JSON of an object in text form.
func (t *Template) text(p part, about diag.ObjectRef) ([]byte, diag.Findings) {
	fail := func(message, help string) ([]byte, diag.Findings) {
		return nil, diag.Findings{finding(p.at, about, "template-invalid",
			"an object of TriggerTemplate "+quoted(t.name)+" "+message, help)}
	}
	if !handle.Plain(string(p.raw)) {
		return nil, diag.Findings{finding(p.at, about, "handle-misplaced",
			"an object of TriggerTemplate "+quoted(t.name)+" is passed as text that contains a handle",
			"write \"$(tt.params.NAME)\", and bind the param to the path of the field")}
	}
	raw, err := rawJSON(p.raw)
	if err != nil {
		return fail("is not a map in JSON or YAML: "+phrase.OneLine(err), "pass one object to Raw: a map of fields")
	}
	var o struct{ APIVersion, Kind string }
	if json.Unmarshal(raw, &o) != nil || o.APIVersion == "" || o.Kind == "" {
		return fail("has no apiVersion or no kind", "add both")
	}
	return raw, fixedName(p.at, about, raw)
}
