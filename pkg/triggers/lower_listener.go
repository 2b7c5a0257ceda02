package triggers

import (
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Objects returns the EventListener and, for each trigger, a Trigger, a
// TriggerBinding, a TriggerTemplate, and the objects that its runs refer to. It
// implements manifest.Source. The rules of package check are applied by the set
// that contains the objects.
func (l *Listener) Objects() ([]object.Object, error) { return l.ObjectsIn(nil) }

// ObjectsIn is like Objects, for use by package manifest. The memo avoids repeated
// work for pipelines that several sources use.
func (l *Listener) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if l == nil {
		return nil, diag.Findings{{Code: "listener-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "EventListener"},
			Message: "the listener is nil", Help: "create it with NewListener"}}
	}
	about := l.ref()
	var out []object.Object
	var findings diag.Findings
	o := &v1beta1.EventListener{TypeMeta: typeMeta("EventListener"), ObjectMeta: l.meta(l.name)}
	var places callsite.Places
	names := map[string]callsite.Place{}
	findings = append(findings, l.named()...)
	var mounts []mount
	for _, e := range l.entries {
		if !e.own {
			places.Set(diag.Fields("spec", "triggers").Index(len(o.Spec.Triggers)), e.at)
			low, part := l.lowerEntry(m, e, o)
			if part.Object != nil {
				mounts = append(mounts, mount{diag.Fields("spec", "triggers").Index(len(o.Spec.Triggers) - 1), part})
			}
			out, findings = append(out, low.all()...), append(findings, low.findings...)
			continue
		}
		t := e.Trigger
		if first, ok := names[t.name]; ok {
			f := finding(t.at, about, "trigger-duplicate", "listener "+quoted(l.name)+" has two triggers named "+quoted(t.name), "rename one of them")
			f.Related = []diag.Related{{Message: "first defined", Position: first.Position()}}
			low := t.lower(m)
			out = append(out, dependencies(low.objects)...)
			findings = append(append(findings, f), low.findings...)
			continue
		}
		names[t.name] = t.at
		low := t.lower(m)
		out, findings = append(out, low.all()...), append(findings, low.findings...)
		if l.selector != nil {
			continue // found by its labels
		}
		places.Set(diag.Fields("spec", "triggers").Index(len(o.Spec.Triggers)), t.at)
		o.Spec.Triggers = append(o.Spec.Triggers, v1beta1.EventListenerTrigger{TriggerRef: t.objectName()})
	}
	findings = append(findings, l.lowerGroups(o, &places)...)
	if l.takesForms() {
		o.Annotations = with(o.Annotations, payloadValidation, "false")
	}
	if l.account == nil || *l.account != "" {
		o.Spec.ServiceAccountName = l.Account()
	}
	o.Spec.NamespaceSelector.MatchNames = slices.Clone(l.namespaces)
	o.Spec.LabelSelector = selector(l.selector, l.requirements)
	o.Spec.CloudEventURI = l.cloudEvents
	findings = append(findings, l.lowerPod(o)...)
	findings = append(findings, l.mutate.Apply(o, about)...)
	if s := o.Spec; len(l.entries)+len(l.groups)+len(s.Triggers)+len(s.TriggerGroups)+len(s.NamespaceSelector.MatchNames) == 0 && s.LabelSelector == nil && l.namespaces == nil {
		findings = append(findings, finding(l.at, about, "listener-idle",
			"listener "+quoted(l.name)+" has no triggers", "add one with On"))
	}
	out = append(out, mounted(o, &places, l.at, mounts...))
	if findings.Err() == nil {
		findings = append(findings, handles(out)...)
	}
	findings = distinct(findings)
	findings.Sort()
	return out, findings.Err()
}

// dependencies returns the objects that are not of this API group.
func dependencies(objects []object.Object) []object.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o object.Object) bool { return ofTriggers(o) })
}

// named reports invalid names.
func (l *Listener) named() diag.Findings {
	about, what := l.ref(), "listener "+quoted(l.name)
	out := named(l.at, about, dnsLabel, "the name of the listener", l.name)
	if len(out) == 0 && len(l.name) > maxListenerName {
		out = append(out, finding(l.at, about, "name-invalid",
			"the listener name "+quoted(l.name)+" is longer than 60 characters, so the name of its Service, el-"+l.name+", is too long", "shorten the name of the listener"))
	}
	out = append(out, l.secret.findings(about, "the Secret of "+what)...)
	if l.pod.tlsAt != nil {
		out = append(out, named(l.pod.tlsAt, about, dnsName, "the name of the certificate Secret of "+what, l.pod.tls)...)
	}
	return append(out, labels(l.at, about, what, l.selector)...)
}

// maxListenerName is the maximum length of a Service name without the prefix el-.
const maxListenerName = 60

// payloadValidation is the upstream annotation that disables the check that a body
// is JSON.
const payloadValidation = "tekton.dev/payload-validation"

// takesForms reports whether a trigger reads Slack commands, which are sent as
// forms.
func (l *Listener) takesForms() bool {
	return slices.ContainsFunc(l.triggers(), func(t *Trigger) bool {
		return slices.ContainsFunc(t.interceptors, func(i Interceptor) bool { return i.name == slack })
	})
}
