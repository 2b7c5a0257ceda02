package triggers

import (
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// NewTrigger returns a Trigger with the given metadata.name that is described without an
// event: by the template, the bindings and the interceptors that it has in YAML.
//
//	triggers.NewTrigger("release").Template(template).
//		Bind(triggers.Value("sha", "$(body.after)")).
//		Intercept(triggers.ClusterInterceptor("github", map[string]any{"eventTypes": []string{"push"}}))
//
// Add it to a listener with [Listener.Add] or [Listener.Inline], or to a set if a listener
// selects it by its labels. Its interceptors are all that Tekton Triggers checks: for events
// of known senders, [Listener.On] writes them, with the check of the signature.
func NewTrigger(name string) *Trigger { return &Trigger{at: callsite.Here(), name: name} }

// Template sets the template of a Trigger of [NewTrigger]. The template may be Existing or
// embedded.
func (t *Trigger) Template(template *Template) *Trigger {
	if t != nil {
		t.creates = []Resource{template}
	}
	return t
}

// Existing means that the Trigger is in the cluster already. Listeners to which it is added
// refer to it by its name, and no object is written.
func (t *Trigger) Existing() *Trigger {
	if t != nil {
		t.existing = true
	}
	return t
}

// Named sets the metadata.name of the Trigger, and of the TriggerBinding and the
// TriggerTemplate that [Listener.On] makes for it. The default is LISTENER-NAME.
func (t *Trigger) Named(name string) *Trigger {
	if t != nil {
		t.object = name
	}
	return t
}

// SpecName sets the field spec.name of a Trigger of [NewTrigger], which Tekton Triggers does
// not use. Listener.On sets it to the name of the trigger.
func (t *Trigger) SpecName(name string) *Trigger {
	if t != nil {
		t.specName = name
	}
	return t
}

// Label sets a label of the Trigger.
func (t *Trigger) Label(key, value string) *Trigger {
	if t != nil {
		t.labels = with(t.labels, key, value)
	}
	return t
}

// Annotate sets an annotation of the Trigger.
func (t *Trigger) Annotate(key, value string) *Trigger {
	if t != nil {
		t.annotations = with(t.annotations, key, value)
	}
	return t
}

// Objects returns the Trigger, and the bindings, the template and the objects that it refers
// to. It implements manifest.Source.
func (t *Trigger) Objects() ([]object.Object, error) { return t.ObjectsIn(nil) }

// ObjectsIn is like Objects, for use by package manifest. The memo avoids repeated work for
// pipelines that several sources use.
func (t *Trigger) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if t == nil {
		return nil, diag.Findings{{Code: "trigger-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "Trigger"},
			Message: "the trigger is nil", Help: "create it with NewTrigger"}}
	}
	low := t.lower(m)
	if low.findings.Err() == nil {
		low.findings = append(low.findings, handles(low.all())...)
	}
	findings := distinct(low.findings)
	findings.Sort()
	return low.all(), findings.Err()
}

// all returns the Trigger and the objects that it refers to.
func (l *lowered) all() []object.Object {
	if l.trigger.Object == nil {
		return l.objects
	}
	return append(slices.Clip(l.objects), l.trigger)
}

// lowerOwn returns a Trigger of NewTrigger. The Trigger is part of a listener if inline.
func (t *Trigger) lowerOwn(m *memo.Memo, inline bool) *lowered {
	out := &lowered{}
	name := t.objectName()
	about := reference("Trigger", name)
	fail := func(at callsite.Place, code, message, help string) {
		out.findings = append(out.findings, finding(at, about, code, message, help))
	}
	out.findings = t.misuses(about, inline)
	given := t.name
	if t.object != "" {
		given = t.object
	}
	if !inline || !handle.Plain(given) { // the rules check names in listeners
		out.findings = append(out.findings, named(t.at, about, objectName, "the name of a trigger", given)...)
	}
	if t.existing {
		return out
	}
	o := &v1beta1.Trigger{TypeMeta: typeMeta("Trigger"), ObjectMeta: t.meta(name)}
	o.Spec.Name, o.Spec.ServiceAccountName = handle.Strip(t.specName), t.account
	var places callsite.Places
	for _, b := range t.bindings {
		if b.Binding == nil {
			fail(b.at, "binding-invalid", "a binding of trigger "+quoted(t.name)+" is nil", "create it with NewBinding")
			continue
		}
		more, err := b.Objects()
		out.objects = append(out.objects, more...)
		out.findings = append(out.findings, findingsOf(b.at, about, err)...)
		for _, ref := range b.refs() {
			places.Set(diag.Fields("spec", "bindings").Index(len(o.Spec.Bindings)), b.at)
			o.Spec.Bindings = append(o.Spec.Bindings, ref)
		}
	}
	for i := range t.interceptors {
		places.Set(diag.Fields("spec", "interceptors").Index(i), t.interceptors[i].at)
	}
	interceptors, more := t.given(about)
	o.Spec.Interceptors, out.findings = interceptors, append(out.findings, more...)
	var template object.Object
	if given, ok := t.only(); ok {
		template = out.use(m, given, &o.Spec.Template)
	}
	out.findings = append(out.findings, t.mutate.Apply(o, about)...)
	out.trigger = mounted(o, &places, t.at, mount{diag.Fields("spec", "template", "spec"), template})
	return out
}

// only returns the template of the trigger, which creates nothing else.
func (t *Trigger) only() (*Template, bool) {
	if len(t.creates) == 0 {
		return nil, false
	}
	given, ok := t.creates[0].(*Template)
	return given, ok && given != nil
}

// use makes a trigger use a template: it sets the reference, or embeds it. It returns the
// embedded template.
func (l *lowered) use(m *memo.Memo, given *Template, to *v1beta1.TriggerSpecTemplate) object.Object {
	template, referenced, findings := given.build(m)
	l.objects = append(l.objects, referenced...)
	l.findings = append(l.findings, distinct(findings)...)
	o, ok := template.Object.(*v1beta1.TriggerTemplate)
	if ok && given.embed {
		to.Spec = &o.Spec
		return template
	}
	if !given.existing {
		l.objects = append(l.objects, template)
	}
	name := handle.Strip(given.name)
	to.Ref = &name
	return object.Object{}
}

// misuses reports calls that have no effect for a Trigger of NewTrigger.
func (t *Trigger) misuses(about diag.ObjectRef, inline bool) diag.Findings {
	var out diag.Findings
	fail := func(code, message, help string) {
		out = append(out, finding(t.at, about, code, "trigger "+quoted(t.name)+message, help))
	}
	for _, x := range []struct {
		method string
		called bool
	}{
		{"Secret", t.secret.set}, {"Token", t.token.set}, {"Unsigned", t.unsigned != ""}, {"Filter", len(t.filters) > 0},
		{"Repositories", t.repositories.called()}, {"Authors", t.authors.called()}, {"AuthorIDs", t.authorIDs.called()},
	} {
		if x.called {
			fail("event-missing", " has no event, which "+x.method+" needs", "describe the trigger with Listener.On, or add interceptors with Intercept")
		}
	}
	switch {
	case t.existing && inline:
		fail("trigger-invalid", " is Existing, so it cannot be part of a listener", "add it with Listener.Add")
	case t.existing && (!t.metadata.empty() || len(t.creates)+len(t.bindings)+len(t.interceptors)+len(t.mutate) > 0 || t.account+t.specName != ""):
		fail("trigger-invalid", " is Existing, so its other calls have no effect", "remove them, or remove Existing")
	case inline && (!t.metadata.empty() || t.specName != ""):
		fail("trigger-invalid", " is part of a listener, so it has no labels, no annotations and no spec.name", "remove them, or add the trigger with Listener.Add")
	}
	return out
}

// called reports whether the method that sets the names was called.
func (a allowed) called() bool { return len(a.names)+len(a.faults) > 0 }

// entry is a trigger of a listener.
type entry struct {
	at callsite.Place
	*Trigger
	inline bool // described in the listener
	own    bool // of On
}

// Add adds Triggers of [NewTrigger]: the listener refers to each by its name (triggerRef).
func (l *Listener) Add(triggers ...*Trigger) *Listener {
	return l.orNew().enter(callsite.Here(), triggers, false)
}

// Inline adds Triggers of [NewTrigger] to the EventListener itself, instead of objects of
// their own. Such a trigger may have no name, and the name need not be unique.
func (l *Listener) Inline(triggers ...*Trigger) *Listener {
	return l.orNew().enter(callsite.Here(), triggers, true)
}

func (l *Listener) enter(at callsite.Place, triggers []*Trigger, inline bool) *Listener {
	for _, t := range triggers {
		l.entries = append(l.entries, entry{at: at, Trigger: t, inline: inline})
	}
	return l
}

// lowerEntry adds a trigger of Add or Inline to the EventListener. It returns the objects
// that the trigger consists of and refers to, and the trigger that is part of the listener.
func (l *Listener) lowerEntry(m *memo.Memo, e entry, o *v1beta1.EventListener) (out *lowered, part object.Object) {
	switch {
	case e.Trigger == nil:
		return &lowered{findings: diag.Findings{finding(e.at, l.ref(), "trigger-invalid", "a trigger of listener "+quoted(l.name)+" is nil", "create it with NewTrigger")}}, part
	case e.inline && e.listener != nil:
		return &lowered{findings: diag.Findings{finding(e.at, l.ref(), "trigger-invalid", "trigger "+quoted(e.name)+" is of Listener.On, which writes Trigger objects",
			"pass a trigger of NewTrigger to Inline")}}, part
	case !e.inline:
		out = e.lower(m)
		o.Spec.Triggers = append(o.Spec.Triggers, v1beta1.EventListenerTrigger{TriggerRef: e.objectName()})
		return out, part
	}
	out = e.lowerOwn(m, true)
	part, out.trigger = out.trigger, object.Object{}
	x := v1beta1.EventListenerTrigger{Name: e.objectName()}
	if t, ok := part.Object.(*v1beta1.Trigger); ok {
		x.Bindings, x.Interceptors, x.ServiceAccountName = t.Spec.Bindings, t.Spec.Interceptors, t.Spec.ServiceAccountName
		if t.Spec.Template != (v1beta1.TriggerSpecTemplate{}) {
			x.Template = &t.Spec.Template
		}
	}
	o.Spec.Triggers = append(o.Spec.Triggers, x)
	return out, part
}
