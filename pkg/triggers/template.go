package triggers

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
// trigger creates. Pass it to [Listener.On] as the only object. Its params get their
// values from bindings (see [Trigger.Bind]).
type Template struct {
	owner  handle.Owner
	at     callsite.Place
	name   string
	params []param
	parts  []part
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

// Default sets the default value of a param, which is used if no binding sets it.
func (t *Template) Default(name, value string) *Template {
	if t == nil {
		return t
	}
	at := callsite.Here()
	for i := range t.params {
		if t.params[i].name == name {
			t.params[i] = param{at, name, value, true}
			return t
		}
	}
	t.params = append(t.params, param{at, name, value, true})
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
	if len(objects) == 0 {
		return object.Object{}, err
	}
	return objects[len(objects)-1], err
}

// Objects returns the objects that the runs of the template refer to, followed by
// the TriggerTemplate. It implements manifest.Source. The rules of package check
// are applied by the set that contains the objects.
func (t *Template) Objects() ([]object.Object, error) { return t.ObjectsIn(nil) }

// ObjectsIn is like Objects, for use by package manifest. The memo avoids repeated
// work for pipelines that several sources use.
func (t *Template) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if t == nil {
		return nil, diag.Findings{{Code: "template-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "TriggerTemplate"},
			Message: "the template is nil", Help: "create it with NewTemplate"}}
	}
	o, bodies, out, findings := t.lower(m)
	var places callsite.Places
	for i, p := range t.params {
		places.Set(diag.Fields("spec", "params").Index(i), p.at)
	}
	template := templateObject(o, bodies, &places, t.at)
	if findings.Err() == nil {
		findings = append(findings, handles([]object.Object{template})...)
	}
	return append(out, template), distinct(findings).Err()
}

// lower returns the upstream struct, the objects in it, and the objects that those
// refer to.
func (t *Template) lower(m *memo.Memo) (o *v1beta1.TriggerTemplate, bodies, referenced []object.Object, findings diag.Findings) {
	about := reference("TriggerTemplate", t.name)
	o = &v1beta1.TriggerTemplate{TypeMeta: typeMeta("TriggerTemplate"), ObjectMeta: metav1.ObjectMeta{Name: t.name}}
	findings = named(t.at, about, dnsLabel, "the name of a template", t.name)
	declared := map[string]bool{}
	for _, p := range t.params {
		s := v1beta1.ParamSpec{Name: p.name}
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
	used, faulty := map[string]bool{}, false
	add := func(at callsite.Place, raw []byte, body object.Object) {
		bodies = append(bodies, body)
		for _, name := range tekref.TemplateParams(string(raw)) {
			used[name] = true
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
			faulty = true // its params are unknown
			continue
		}
		add(p.at, raw, body)
	}
	for _, p := range t.params {
		if !used[p.name] && !faulty {
			findings = append(findings, finding(p.at, about, "param-unused",
				"param "+quoted(p.name)+" of TriggerTemplate "+quoted(t.name)+" is never used", "use it in an object, or remove it"))
		}
	}
	if len(t.parts) == 0 {
		findings = append(findings, finding(t.at, about, "template-invalid",
			"TriggerTemplate "+quoted(t.name)+" creates nothing", "add a run with Create"))
	}
	return o, bodies, referenced, findings
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
