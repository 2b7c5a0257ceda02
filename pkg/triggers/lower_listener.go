package triggers

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
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
	o := &v1beta1.EventListener{TypeMeta: typeMeta("EventListener"), ObjectMeta: metav1.ObjectMeta{
		Name: handle.Strip(l.name), Labels: copied(l.labels), Annotations: copied(l.annotations),
	}}
	var places callsite.Places
	names := map[string]callsite.Place{}
	findings = append(findings, l.named()...)
	for _, t := range l.triggers {
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
		out = append(out, low.objects...)
		findings = append(findings, low.findings...)
		if l.selector != nil {
			continue // found by its labels
		}
		places.Set(diag.Fields("spec", "triggers").Index(len(o.Spec.Triggers)), t.at)
		o.Spec.Triggers = append(o.Spec.Triggers, v1beta1.EventListenerTrigger{TriggerRef: t.objectName()})
	}
	if len(l.triggers)+len(l.groups) == 0 && l.selector == nil && l.namespaces == nil {
		findings = append(findings, finding(l.at, about, "listener-idle",
			"listener "+quoted(l.name)+" has no triggers", "add one with On"))
	}
	findings = append(findings, l.lowerGroups(o, &places)...)
	if l.takesForms() {
		o.Annotations = with(o.Annotations, payloadValidation, "false")
	}
	o.Spec.ServiceAccountName = l.Account()
	o.Spec.NamespaceSelector.MatchNames = slices.Clone(l.namespaces)
	if l.selector != nil {
		o.Spec.LabelSelector = &metav1.LabelSelector{MatchLabels: copied(l.selector)}
	}
	findings = append(findings, l.pod(o)...)
	findings = append(findings, l.mutate.Apply(o, about)...)
	out = append(out, object.Object{Object: o, Locate: places.Locate(l.at)})
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
	if l.tlsAt != nil {
		out = append(out, named(l.tlsAt, about, dnsName, "the name of the certificate Secret of "+what, l.tls)...)
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
	return slices.ContainsFunc(l.triggers, func(t *Trigger) bool {
		return slices.ContainsFunc(t.interceptors, func(i Interceptor) bool { return i.name == slack })
	})
}

// lowerGroups adds the trigger groups.
func (l *Listener) lowerGroups(o *v1beta1.EventListener, places *callsite.Places) diag.Findings {
	var findings diag.Findings
	for _, g := range l.groups {
		if g.event == nil {
			findings = append(findings, finding(g.at, l.ref(), "event-missing",
				"group "+quoted(g.name)+" has no event", "pass an event to Group, such as triggers.GitHubPush()"))
			continue
		}
		if len(g.match) == 0 {
			findings = append(findings, finding(g.at, l.ref(), "group-invalid",
				"group "+quoted(g.name)+" has no labels to select its Triggers", "pass the labels of the Triggers to Group"))
		}
		findings = append(findings, labels(g.at, l.ref(), "group "+quoted(g.name), g.match)...)
		for _, f := range g.event.faults {
			findings = append(findings, finding(f.at, l.ref(), f.code, f.message, f.help))
		}
		t := &Trigger{listener: l, group: true, at: g.at, name: g.name, event: g.event}
		interceptors, more := t.intercept(nil, l.ref())
		findings = append(findings, more...)
		places.Set(diag.Fields("spec", "triggerGroups").Index(len(o.Spec.TriggerGroups)), g.at)
		o.Spec.TriggerGroups = append(o.Spec.TriggerGroups, v1beta1.EventListenerTriggerGroup{
			Name: g.name, Interceptors: interceptors,
			TriggerSelector: v1beta1.EventListenerTriggerSelector{LabelSelector: &metav1.LabelSelector{MatchLabels: copied(g.match)}},
		})
	}
	return findings
}

// pod sets the fields of the listener's pod.
func (l *Listener) pod(o *v1beta1.EventListener) diag.Findings {
	if l.replicas == nil && l.tls == "" && l.requests == [2]string{} && l.service == "" && l.port == 0 {
		return nil
	}
	var findings diag.Findings
	k := &v1beta1.KubernetesResource{}
	if l.replicas != nil {
		n := int32(min(max(*l.replicas, 0), 1<<20)) // bounded
		k.Replicas = &n
		if *l.replicas < 0 {
			findings = append(findings, finding(l.replicasAt, l.ref(), "replicas-invalid",
				"listener "+quoted(l.name)+" has "+strconv.Itoa(*l.replicas)+" replicas", "set 1 or more, or 0 to stop receiving events"))
		}
	}
	findings = append(findings, l.expose(k)...)
	var c corev1.Container
	for i, name := range [2]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if l.requests[i] == "" {
			continue
		}
		q, err := resource.ParseQuantity(l.requests[i])
		if err != nil {
			findings = append(findings, finding(l.requestsAt, l.ref(), "quantity-invalid",
				string(name)+" "+quoted(l.requests[i])+" of listener "+quoted(l.name)+" is not a valid quantity", `write a quantity such as "250m" or "128Mi"`))
			continue
		}
		if c.Resources.Requests == nil {
			c.Resources.Requests = corev1.ResourceList{}
		}
		c.Resources.Requests[name] = q
	}
	if l.tls != "" && len(dnsName.Problems(l.tls)) == 0 { // or it is reported
		for _, e := range [2][2]string{{"TLS_CERT", corev1.TLSCertKey}, {"TLS_KEY", corev1.TLSPrivateKeyKey}} {
			c.Env = append(c.Env, corev1.EnvVar{Name: e[0], ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: l.tls}, Key: e[1],
			}}})
		}
	}
	if l.tls != "" || c.Resources.Requests != nil {
		k.Template.Spec.Containers = []corev1.Container{c}
	}
	o.Spec.Resources.KubernetesResource = k
	return findings
}

// expose sets the fields of the listener's Service.
func (l *Listener) expose(k *v1beta1.KubernetesResource) diag.Findings {
	var findings diag.Findings
	switch l.service {
	case "", corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer:
	default:
		findings = append(findings, finding(l.exposedAt, l.ref(), "service-invalid",
			"the Service of listener "+quoted(l.name)+" has the unsupported type "+quoted(string(l.service)),
			"use corev1.ServiceTypeClusterIP, ServiceTypeNodePort or ServiceTypeLoadBalancer"))
	}
	k.ServiceType = l.service
	if l.port < 0 || l.port > 65535 {
		findings = append(findings, finding(l.exposedAt, l.ref(), "service-invalid",
			"the port of the Service of listener "+quoted(l.name)+" is out of range", "set a port between 1 and 65535, or 0 for the default"))
	} else if l.port != 0 {
		port := l.port
		k.ServicePort = &port
	}
	return findings
}
