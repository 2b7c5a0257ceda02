package check

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	duckv1 "knative.dev/pkg/apis/duck/v1"
)

// What the pod of a listener may set: all else is refused. The older version
// of the kind has less.
var (
	podFields     = []string{"ServiceAccountName", "Containers", "Tolerations", "NodeSelector", "Affinity", "TopologySpreadConstraints", "ImagePullSecrets", "SecurityContext"}
	podFieldsOld  = podFields[:4]
	containerBase = []string{"Resources", "Env"}
	probes        = []string{"LivenessProbe", "ReadinessProbe", "StartupProbe"}
)

// listenerPod checks how the pod and the Service of a listener are shaped.
func (c *checker) listenerPod(s spot, r *v1beta1.Resources) {
	k, custom := r.KubernetesResource, r.CustomResource
	switch {
	case k != nil && custom != nil:
		c.fail(s, "spec-conflict", "", "resources has both kubernetesResource and customResource", "keep one of them")
	case k != nil:
		c.kubernetesResource(s.field("kubernetesResource"), k)
	case custom != nil:
		var pod duckv1.WithPod
		at := s.field("customResource")
		if err := json.Unmarshal(custom.Raw, &pod); err != nil {
			c.fail(at, "listener-field", "", "customResource holds no object with a pod: "+oneLine(err), "write apiVersion, kind and spec.template.spec")
			return
		}
		c.podSpec(at.field("spec.template.spec"), &pod.Spec.Template.Spec, containerBase)
	}
}

func (c *checker) kubernetesResource(s spot, k *v1beta1.KubernetesResource) {
	if k.Replicas != nil && *k.Replicas < 0 {
		c.fail(s.field("replicas"), "listener-field", "replicas", "the replicas of the listener are negative", "")
	}
	types := []string{string(corev1.ServiceTypeClusterIP), string(corev1.ServiceTypeNodePort), string(corev1.ServiceTypeLoadBalancer), string(corev1.ServiceTypeExternalName)}
	if t := string(k.ServiceType); t != "" && !slices.Contains(types, t) {
		c.fail(s.field("serviceType"), "listener-field", t, "there is no Service of type "+q(t), oneOf(t, types[:3]))
	}
	if k.ServicePort != nil && (*k.ServicePort < 1 || *k.ServicePort > 65535) {
		c.fail(s.field("servicePort"), "listener-field", "servicePort", "the Service has a port that does not exist", "choose one from 1 to 65535")
	}
	if k.ServiceLoadBalancerClass != nil && k.ServiceType != corev1.ServiceTypeLoadBalancer {
		c.fail(s.field("serviceLoadBalancerClass"), "listener-field", *k.ServiceLoadBalancerClass, "serviceLoadBalancerClass is for Services of type LoadBalancer only", "write serviceType: LoadBalancer, or drop it")
	}
	c.podSpec(s.field("spec.template.spec"), &k.Template.Spec, append(slices.Clone(containerBase), probes...))
}

// podSpec checks the pod of a listener, and its one container.
func (c *checker) podSpec(s spot, pod *corev1.PodSpec, container []string) {
	old := s.ref.APIVersion == triggersGroup+"v1alpha1"
	allowed := podFields
	if old {
		allowed = podFieldsOld
	} else {
		container = append(slices.Clone(container), "SecurityContext")
	}
	c.onlyFields(s, "the pod of a listener", reflect.ValueOf(pod).Elem(), allowed)
	if len(pod.Containers) > 1 {
		c.fail(s.field("containers"), "listener-field", "containers", "a listener has one container, and this one "+itoa(len(pod.Containers)), "keep one of them")
	}
	if len(pod.Containers) != 1 {
		return
	}
	at, one := s.index("containers", 0), &pod.Containers[0]
	c.onlyFields(at, "the container of a listener", reflect.ValueOf(one).Elem(), container)
	c.amounts(at.field("resources"), "the container of a listener", one.Resources)
	c.security(at, "the container of a listener", one.SecurityContext)
	tls := map[string]int{}
	for i := range one.Env {
		v, es := &one.Env[i], at.index("env", i)
		if v.Value != "" {
			c.fail(es.field("value"), "listener-field", v.Name, "a variable of a listener takes its value from a Secret only", "set valueFrom.secretKeyRef")
		}
		if v.ValueFrom != nil {
			c.onlyFields(es.field("valueFrom"), "a variable of a listener", reflect.ValueOf(v.ValueFrom).Elem(), []string{"SecretKeyRef"})
			if ref := v.ValueFrom.SecretKeyRef; ref != nil && (ref.Optional == nil || !*ref.Optional) {
				c.secretKey(es.field("valueFrom.secretKeyRef"), ref.Name, ref.Key)
			}
		}
		if v.Name == "TLS_CERT" || v.Name == "TLS_KEY" {
			tls[v.Name] = i
		}
	}
	if len(tls) == 1 {
		name := sortedKeys(tls)[0]
		other := strings.NewReplacer("TLS_CERT", "TLS_KEY", "TLS_KEY", "TLS_CERT").Replace(name)
		c.fail(at.index("env", tls[name]), "listener-field", name, "variable "+q(name)+" needs "+q(other)+" beside it", "set both, or none")
	}
}

// onlyFields reports the fields of a struct that are set and not allowed.
func (c *checker) onlyFields(s spot, what string, v reflect.Value, allowed []string) {
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
		c.fail(s.field(name), "listener-field", name, what+" cannot set "+name, "it may set "+strings.Join(names, ", "))
	}
}
