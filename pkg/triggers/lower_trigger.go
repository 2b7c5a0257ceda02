package triggers

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// unsignedReason is the annotation that holds the reason of Unsigned and suppresses
// the rule about it.
const unsignedReason = rule.SuppressPrefix + "listener-unsigned"

// unfilteredReason is the annotation that suppresses the rule about triggers of any
// event: AnyEvent is explicit enough.
const unfilteredReason = rule.SuppressPrefix + "listener-unfiltered"

// maxTriggerName is the maximum length of a label value: upstream labels every
// object that a Trigger creates with its name.
const maxTriggerName = 63

// lowered is the result of lowering a trigger.
type lowered struct {
	trigger  object.Object
	objects  []object.Object // that it refers to
	findings diag.Findings
}

// objectName returns the name of the objects of a trigger.
func (t *Trigger) objectName() string {
	switch {
	case t.object != "":
		return handle.Strip(t.object)
	case t.listener == nil:
		return handle.Strip(t.name)
	}
	return handle.Strip(t.listener.name + "-" + t.name)
}

// lower returns the Trigger, its binding and its template.
func (t *Trigger) lower(m *memo.Memo) *lowered {
	if t.listener == nil {
		return t.lowerOwn(m, false)
	}
	out := &lowered{}
	name := t.objectName()
	about := reference("Trigger", name)
	fail := func(at callsite.Place, code, message, help string) {
		out.findings = append(out.findings, finding(at, about, code, message, help))
	}
	long := len(name) > maxTriggerName
	if !long {
		out.findings = append(out.findings, named(t.at, about, objectName, "the name of a trigger", t.name)...)
		if t.object != "" {
			out.findings = append(out.findings, named(t.at, about, objectName, "the name of a Trigger", t.object)...)
		}
	}
	if t.existing || t.specName != "" {
		fail(t.at, "trigger-invalid", "trigger "+quoted(t.name)+" is of Listener.On, so it is neither Existing nor has a SpecName", "remove the call, or use NewTrigger")
	}
	if long {
		fail(t.at, "name-invalid", "the Trigger name "+quoted(name)+" is longer than 63 characters, the limit for a label value",
			"shorten the name of the listener or of the trigger")
	}
	o := &v1beta1.Trigger{TypeMeta: typeMeta("Trigger"), ObjectMeta: t.meta(name)}
	for k, v := range t.listener.selector {
		o.Labels = with(o.Labels, k, v)
	}
	o.Spec.Name = t.name
	o.Spec.ServiceAccountName = t.account
	if t.event == nil {
		fail(t.at, "event-missing", "trigger "+quoted(t.name)+" has no event", "pass an event to On, such as triggers.GitHubPush()")
		t.withoutEvent(m, about, out)
		return out
	}
	for _, f := range t.event.faults {
		fail(f.at, f.code, f.message, f.help)
	}
	out.findings = append(out.findings, t.secret.findings(about, "the Secret of trigger "+quoted(t.name))...)
	out.findings = append(out.findings, t.token.findings(about, "the token Secret of trigger "+quoted(t.name))...)
	used, template := t.template(m, o, about, out)
	interceptors, findings := t.intercept(used, about)
	o.Spec.Interceptors = interceptors
	out.findings = append(out.findings, findings...)
	supplied := map[string]bool{}
	for _, f := range used {
		supplied[f.name] = true
	}
	for _, b := range t.bindings {
		for _, p := range b.named() {
			if supplied[p] {
				fail(b.at, "param-duplicate", "trigger "+quoted(t.name)+" gets param "+quoted(p)+" from two bindings",
					"remove one: with both, Tekton Triggers starts nothing")
			}
			supplied[p] = true
		}
		if b.Binding != nil {
			o.Spec.Bindings = append(o.Spec.Bindings, b.refs()...)
		}
		more, err := b.Objects()
		if b.Binding == nil {
			fail(b.at, "binding-invalid", "a binding of trigger "+quoted(t.name)+" is nil", "create it with NewBinding")
			continue
		}
		out.objects = append(out.objects, more...)
		out.findings = append(out.findings, findingsOf(t.at, about, err)...)
	}
	if t.unsigned != "" {
		o.Annotations = with(o.Annotations, unsignedReason, t.unsigned)
	}
	if t.event.sender == anybody && len(conditionsOf(t.event))+len(t.filters) == 0 {
		o.Annotations = with(o.Annotations, unfilteredReason, "it is described as a trigger for any event")
	}
	out.findings = append(out.findings, t.mutate.Apply(o, about)...)
	out.trigger = mounted(o, new(callsite.Places), t.at, mount{diag.Fields("spec", "template", "spec"), template})
	return out
}

func bindingRef(name string) *v1beta1.TriggerSpecBinding {
	return &v1beta1.TriggerSpecBinding{Ref: name, Kind: v1beta1.NamespacedTriggerBindingKind}
}

// template adds the template and the binding. It returns the fields in use, and the template
// if it is embedded.
func (t *Trigger) template(m *memo.Memo, o *v1beta1.Trigger, about diag.ObjectRef, out *lowered) ([]usedField, object.Object) {
	if given, ok := t.only(); ok {
		embedded := out.use(m, given, &o.Spec.Template)
		if len(t.creates) > 1 {
			out.findings = append(out.findings, finding(t.at, about, "template-invalid",
				"trigger "+quoted(t.name)+" has a template and other objects", "pass only the template to On, and add the other objects to the template with Create"))
		}
		out.findings = append(out.findings, t.supplied(given, about)...)
		return nil, embedded
	}
	name := o.Name
	tt := &v1beta1.TriggerTemplate{TypeMeta: typeMeta("TriggerTemplate"), ObjectMeta: metav1.ObjectMeta{Name: name}}
	var used []usedField
	var unknown []string
	var bodies []object.Object
	seen := map[string]bool{}
	touching := edges{}
	for _, c := range t.creates {
		raw, created, findings := resourceJSON(m, t.at, about, c, t.event.owner, t.event)
		out.objects = append(out.objects, created.Dependencies...)
		out.findings = append(out.findings, findings...)
		if raw == nil {
			continue
		}
		touching.add(string(raw))
		for _, name := range foreign(created.Fields, t.event.owner) {
			seen[name] = true // reported already
		}
		for _, p := range tekref.TemplateParams(string(raw)) {
			if f := t.event.byName[p]; f == nil {
				unknown = append(unknown, p)
			} else {
				seen[p] = true
			}
		}
		tt.Spec.ResourceTemplates = append(tt.Spec.ResourceTemplates,
			v1beta1.TriggerResourceTemplate{RawExtension: runtime.RawExtension{Raw: raw}})
		bodies = append(bodies, created.Object)
	}
	for _, f := range t.event.fields {
		if seen[f.name] {
			used = append(used, usedField{f, touching[f.name]})
			tt.Spec.Params = append(tt.Spec.Params, v1beta1.ParamSpec{Name: f.name})
		}
	}
	for _, p := range unknown {
		if seen[p] {
			continue
		}
		seen[p] = true
		tt.Spec.Params = append(tt.Spec.Params, v1beta1.ParamSpec{Name: p})
		if !t.binds(p) {
			out.findings = append(out.findings, finding(t.at, about, "param-missing",
				"trigger "+quoted(t.name)+" does not set "+quoted(tekref.EventOf(p).String()), "use a field of the event, or add a binding with Bind"))
		}
	}
	o.Spec.Template.Ref = &name
	if len(used) > 0 {
		tb := &v1beta1.TriggerBinding{TypeMeta: typeMeta("TriggerBinding"), ObjectMeta: metav1.ObjectMeta{Name: name}}
		for _, f := range used {
			tb.Spec.Params = append(tb.Spec.Params, v1beta1.Param{Name: f.name, Value: f.value()})
		}
		o.Spec.Bindings = append(o.Spec.Bindings, bindingRef(name))
		out.objects = append(out.objects, object.Object{Object: tb, Locate: new(callsite.Places).Locate(t.at)})
	}
	out.objects = append(out.objects, templateObject(tt, bodies, new(callsite.Places), t.at))
	return used, object.Object{}
}

// withoutEvent reports what is wrong with the parts of a trigger whose event is
// missing.
func (t *Trigger) withoutEvent(m *memo.Memo, about diag.ObjectRef, out *lowered) {
	out.findings = append(out.findings, t.secret.findings(about, "the Secret of trigger "+quoted(t.name))...)
	out.findings = append(out.findings, t.token.findings(about, "the token Secret of trigger "+quoted(t.name))...)
	if given, ok := t.only(); ok {
		more, err := given.ObjectsIn(m)
		out.objects = append(out.objects, more...)
		out.findings = append(out.findings, findingsOf(t.at, about, err)...)
		return
	}
	for _, c := range t.creates {
		_, created, findings := resourceJSON(m, t.at, about, c, handle.Owner{}, nil)
		out.objects = append(out.objects, created.Dependencies...)
		out.findings = append(out.findings, findings...)
	}
}

// binds reports whether a binding of the caller supplies a param.
func (t *Trigger) binds(name string) bool {
	for _, b := range t.bindings {
		if slices.Contains(b.named(), name) || b.open() {
			return true
		}
	}
	return false
}

// supplied reports params of a template that no binding supplies.
func (t *Trigger) supplied(given *Template, about diag.ObjectRef) diag.Findings {
	var out diag.Findings
	for _, p := range given.params {
		if !p.hasDefault && !t.binds(p.name) {
			out = append(out, finding(t.at, about, "param-missing",
				"no binding of trigger "+quoted(t.name)+" sets param "+quoted(p.name)+" of TriggerTemplate "+quoted(given.name),
				"add a binding with Bind, or a default value with Default"))
		}
	}
	return out
}
