package triggers

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/pkg/check"
)

// Template is a TriggerTemplate written by hand: what a trigger creates. Its
// params are supplied by bindings (Trigger.Bind). It may be the start of
// Listener.On, and stands for all that it creates.
type Template struct {
	at      caller.Place
	name    string
	params  []param
	creates []Resource
	raw     [][]byte
}

// NewTemplate starts a TriggerTemplate with these params, which objects use as
// $(tt.params.NAME).
func NewTemplate(name string, params ...string) *Template {
	t := &Template{at: caller.Here(), name: name}
	for _, p := range params {
		t.params = append(t.params, param{at: t.at, name: p})
	}
	return t
}

// Default gives a param a value for events whose bindings supply none.
func (t *Template) Default(name, value string) *Template {
	if t == nil {
		return t
	}
	at := caller.Here()
	for i := range t.params {
		if t.params[i].name == name {
			t.params[i] = param{at, name, value, true}
			return t
		}
	}
	t.params = append(t.params, param{at, name, value, true})
	return t
}

// Create adds objects.
func (t *Template) Create(objects ...Resource) *Template {
	if t != nil {
		t.creates = append(t.creates, objects...)
	}
	return t
}

// Raw adds an object as JSON or YAML, in which $(tt.params.NAME) may stand in
// any field, also in one that is no string in Go; the value arrives as a string.
func (t *Template) Raw(object []byte) *Template {
	if t != nil {
		t.raw = append(t.raw, append([]byte(nil), object...))
	}
	return t
}

// Object is the TriggerTemplate.
func (t *Template) Object() (check.Object, error) {
	if t == nil {
		return check.Object{}, check.Findings{{Code: "template-invalid", Object: check.Ref{Kind: "TriggerTemplate"},
			Message: "the template is nil", Help: "make it with NewTemplate"}}
	}
	o, findings := t.lower()
	places := map[string]caller.Place{}
	for i, p := range t.params {
		places[index("spec.params", i)] = p.at
	}
	return check.Object{Object: o, Place: finder(places, t.at)}, findings.Err()
}

// Objects is the TriggerTemplate, and what the runs in it refer to.
func (t *Template) Objects() ([]check.Object, error) {
	o, err := t.Object()
	if t == nil {
		return nil, err
	}
	var out []check.Object
	var findings check.Findings
	for _, c := range t.creates {
		more, e := referenced(c)
		out = append(out, more...)
		findings = append(findings, findingsOf(e)...)
	}
	findings = append(findings, findingsOf(err)...)
	return append(out, o), findings.Err()
}

// lower makes the upstream struct.
func (t *Template) lower() (*v1beta1.TriggerTemplate, check.Findings) {
	about := reference("TriggerTemplate", t.name)
	o := &v1beta1.TriggerTemplate{TypeMeta: typeMeta("TriggerTemplate"), ObjectMeta: metav1.ObjectMeta{Name: t.name}}
	var findings check.Findings
	declared := map[string]bool{}
	for _, p := range t.params {
		s := v1beta1.ParamSpec{Name: p.name}
		if p.hasDefault {
			value := p.value
			s.Default = &value
		}
		if declared[p.name] {
			findings = append(findings, finding(p.at, about, "param-duplicate",
				"TriggerTemplate "+quoted(t.name)+" declares param "+quoted(p.name)+" twice", "drop one"))
		}
		declared[p.name] = true
		o.Spec.Params = append(o.Spec.Params, s)
	}
	used := map[string]bool{}
	add := func(raw []byte) {
		for _, name := range templateParams(raw) {
			used[name] = true
			if !declared[name] {
				findings = append(findings, finding(t.at, about, "param-unknown",
					"an object of TriggerTemplate "+quoted(t.name)+" uses $(tt.params."+name+"), which is not declared",
					"declare "+quoted(name)+" in NewTemplate"))
				declared[name] = true
			}
		}
		o.Spec.ResourceTemplates = append(o.Spec.ResourceTemplates,
			v1beta1.TriggerResourceTemplate{RawExtension: runtime.RawExtension{Raw: raw}})
	}
	for _, c := range t.creates {
		raw, more := resourceJSON(t.at, about, c, nil)
		findings = append(findings, more...)
		if raw != nil {
			add(raw)
		}
	}
	for _, r := range t.raw {
		raw, err := rawJSON(r)
		if err != nil {
			findings = append(findings, finding(t.at, about, "template-invalid",
				"an object of TriggerTemplate "+quoted(t.name)+" is neither JSON nor YAML: "+err.Error(), "mend it"))
			continue
		}
		add(raw)
	}
	for _, p := range t.params {
		if !used[p.name] {
			findings = append(findings, finding(p.at, about, "param-unused",
				"param "+quoted(p.name)+" of TriggerTemplate "+quoted(t.name)+" is used by no object", "use it, or drop it"))
		}
	}
	if len(o.Spec.ResourceTemplates) == 0 {
		findings = append(findings, finding(t.at, about, "template-invalid",
			"TriggerTemplate "+quoted(t.name)+" creates nothing", "give it a run with Create"))
	}
	return o, findings
}
