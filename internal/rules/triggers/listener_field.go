package triggers

import (
	_ "embed"
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed listener-field.md
var listenerFieldText string

var listenerField = &rule.Rule{
	Code:     "listener-field",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     listenerFieldText,
	Kinds:    listenerKinds,
	Run: func(p *rule.Pass) {
		l := p.Entry.Event.Listener
		if l == nil || !p.Entry.HasTriggers() {
			return
		}
		k, custom := l.Spec.Resources.KubernetesResource, l.Spec.Resources.CustomResource
		s, pod, err := p.Entry.ListenerPod()
		switch {
		case err != nil:
			p.Error(s, "", "customResource is not an object with a pod template: "+phrase.OneLine(err), "set apiVersion, kind and spec.template.spec")
		case pod == nil:
		case custom != nil:
			podSpec(p, s, pod, containerBase)
		default:
			kubernetesResource(p, p.At("spec", "resources", "kubernetesResource"), k)
			podSpec(p, s, pod, append(slices.Clone(containerBase), probes...))
		}
	},
}

// The fields that the pod of an EventListener may set: Tekton rejects all others.
// The older version of the kind has fewer.
var (
	podFields     = []string{"ServiceAccountName", "Containers", "Tolerations", "NodeSelector", "Affinity", "TopologySpreadConstraints", "ImagePullSecrets", "SecurityContext"}
	podFieldsOld  = podFields[:4]
	containerBase = []string{"Resources", "Env"}
	probes        = []string{"LivenessProbe", "ReadinessProbe", "StartupProbe"}
)

// kubernetesResource checks the Deployment and the Service of an EventListener.
func kubernetesResource(p *rule.Pass, s facts.Spot, k *v1beta1.KubernetesResource) {
	if k.Replicas != nil && *k.Replicas < 0 {
		p.Error(s.Field("replicas"), "replicas", "the number of replicas of the EventListener is negative", "set replicas to 0 or more, or remove it")
	}
	types := []string{string(corev1.ServiceTypeClusterIP), string(corev1.ServiceTypeNodePort), string(corev1.ServiceTypeLoadBalancer), string(corev1.ServiceTypeExternalName)}
	if t := string(k.ServiceType); t != "" && !slices.Contains(types, t) {
		p.Error(s.Field("serviceType"), t, "serviceType "+phrase.Quote(t)+" does not exist", phrase.OneOf(t, types[:3])).Misspelled(t, types[:3])
	}
	if k.ServicePort != nil && (*k.ServicePort < 1 || *k.ServicePort > 65535) {
		p.Error(s.Field("servicePort"), "servicePort", "servicePort is not a valid port", "set a port from 1 to 65535")
	}
	if k.ServiceLoadBalancerClass != nil && k.ServiceType != corev1.ServiceTypeLoadBalancer {
		p.Error(s.Field("serviceLoadBalancerClass"), *k.ServiceLoadBalancerClass, "serviceLoadBalancerClass is only for Services of type LoadBalancer", "set serviceType: LoadBalancer, or remove it")
	}
}

// podSpec checks the pod of an EventListener and its only container. Other rules
// check the resources and the securityContext of the container.
func podSpec(p *rule.Pass, s facts.Spot, pod *corev1.PodSpec, container []string) {
	allowed := podFields
	if p.Entry.Ref.APIVersion == "triggers.tekton.dev/v1alpha1" {
		allowed = podFieldsOld
	} else {
		container = append(slices.Clone(container), "SecurityContext")
	}
	onlyFields(p, s, "the EventListener pod", reflect.ValueOf(pod).Elem(), allowed)
	if len(pod.Containers) > 1 {
		p.Error(s.Field("containers"), "containers", "an EventListener has one container, not "+phrase.Itoa(len(pod.Containers)), "keep one of them")
	}
	if len(pod.Containers) != 1 {
		return
	}
	at, one := s.Index("containers", 0), &pod.Containers[0]
	onlyFields(p, at, "the EventListener container", reflect.ValueOf(one).Elem(), container)
	tls := [...]struct {
		name string
		at   int
	}{{"TLS_CERT", -1}, {"TLS_KEY", -1}}
	for i := range one.Env {
		v, es := &one.Env[i], at.Index("env", i)
		if v.Value != "" {
			p.Error(es.Field("value"), v.Name, "an environment variable of an EventListener must get its value from a Secret", "set valueFrom.secretKeyRef")
		}
		if v.ValueFrom != nil {
			onlyFields(p, es.Field("valueFrom"), "an environment variable of an EventListener", reflect.ValueOf(v.ValueFrom).Elem(), []string{"SecretKeyRef"})
		}
		for j := range tls {
			if v.Name == tls[j].name {
				tls[j].at = i
			}
		}
	}
	for j, v := range tls {
		if other := tls[1-j]; v.at >= 0 && other.at < 0 {
			p.Error(at.Index("env", v.at), v.name, "environment variable "+phrase.Quote(v.name)+" requires "+phrase.Quote(other.name), "set both, or neither")
		}
	}
}

// onlyFields reports the fields of a struct that are set but not allowed.
func onlyFields(p *rule.Pass, s facts.Spot, what string, v reflect.Value, allowed []string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if v.Field(i).IsZero() || slices.Contains(allowed, f.Name) {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names := make([]string, len(allowed))
		for j, a := range allowed {
			if field, ok := v.Type().FieldByName(a); ok {
				names[j], _, _ = strings.Cut(field.Tag.Get("json"), ",")
			}
		}
		p.Error(s.Field(name), name, name+" cannot be set in "+what, "remove "+name+": only "+strings.Join(names, ", ")+" can be set")
	}
}
