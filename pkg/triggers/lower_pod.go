package triggers

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
	duckv1 "knative.dev/pkg/apis/duck/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
)

// deployed reports whether the Deployment or the Service of the listener is described.
func (p *pod) deployed() bool {
	return p.replicas != nil || p.tls != "" || p.requests.given != [2]string{} || p.limits.given != [2]string{} ||
		p.service != "" || p.port != 0 || p.class != "" || p.template != nil
}

// lowerPod sets the fields of the listener's pod.
func (l *Listener) lowerPod(o *v1beta1.EventListener) diag.Findings {
	p := &l.pod
	if p.customAt != nil {
		return l.lowerCustom(o)
	}
	if !p.deployed() {
		return nil
	}
	var findings diag.Findings
	k := &v1beta1.KubernetesResource{}
	if p.replicas != nil {
		n := int32(min(max(*p.replicas, 0), 1<<20)) // bounded
		k.Replicas = &n
		if *p.replicas < 0 {
			findings = append(findings, finding(p.replicasAt, l.ref(), "replicas-invalid",
				"listener "+quoted(l.name)+" has "+strconv.Itoa(*p.replicas)+" replicas", "set 1 or more, or 0 to stop receiving events"))
		}
	}
	findings = append(findings, l.expose(k)...)
	var c corev1.Container
	spec := &k.Template.Spec
	if t := p.template.DeepCopy(); t != nil {
		k.Template = duckv1.PodSpecable{ObjectMeta: t.ObjectMeta, Spec: t.Spec}
		if len(spec.Containers) > 0 {
			c = spec.Containers[0]
		}
	}
	more := l.resources(&c)
	findings = append(findings, more...)
	if p.tls != "" && len(dnsName.Problems(p.tls)) == 0 { // or it is reported
		for _, e := range [2][2]string{{"TLS_CERT", corev1.TLSCertKey}, {"TLS_KEY", corev1.TLSPrivateKeyKey}} {
			c.Env = append(c.Env, corev1.EnvVar{Name: e[0], ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: p.tls}, Key: e[1],
			}}})
		}
	}
	switch {
	case len(spec.Containers) > 0:
		spec.Containers[0] = c
	case p.tls != "" || c.Resources.Requests != nil || c.Resources.Limits != nil:
		spec.Containers = []corev1.Container{c}
	}
	o.Spec.Resources.KubernetesResource = k
	return findings
}

// resources sets the requests and limits of the container.
func (l *Listener) resources(c *corev1.Container) diag.Findings {
	var findings diag.Findings
	for _, x := range []struct {
		amounts
		to *corev1.ResourceList
	}{{l.pod.requests, &c.Resources.Requests}, {l.pod.limits, &c.Resources.Limits}} {
		for i, name := range [2]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if x.given[i] == "" {
				continue
			}
			q, err := resource.ParseQuantity(x.given[i])
			if err != nil {
				findings = append(findings, finding(x.at, l.ref(), "quantity-invalid",
					string(name)+" "+quoted(x.given[i])+" of listener "+quoted(l.name)+" is not a valid quantity", `write a quantity such as "250m" or "128Mi"`))
				continue
			}
			if *x.to == nil {
				*x.to = corev1.ResourceList{}
			}
			(*x.to)[name] = q
		}
	}
	return findings
}

// lowerCustom sets the custom resource.
func (l *Listener) lowerCustom(o *v1beta1.EventListener) diag.Findings {
	fail := func(message, help string) diag.Findings {
		return diag.Findings{finding(l.pod.customAt, l.ref(), "custom-invalid", "the custom resource of listener "+quoted(l.name)+" "+message, help)}
	}
	if l.pod.deployed() {
		return fail("excludes Replicas, Expose, TLS, Requests, Limits and Pod", "set these in the custom resource")
	}
	if !handle.Plain(string(l.pod.custom)) {
		return fail("contains a handle", "write it as plain text")
	}
	raw, err := rawJSON(l.pod.custom)
	if err != nil {
		return fail("is not a map in JSON or YAML: "+phrase.OneLine(err), "pass one object: a map of fields")
	}
	o.Spec.Resources.CustomResource = &v1beta1.CustomResource{RawExtension: runtime.RawExtension{Raw: raw}}
	return nil
}

// expose sets the fields of the listener's Service.
func (l *Listener) expose(k *v1beta1.KubernetesResource) diag.Findings {
	var findings diag.Findings
	switch l.pod.service {
	case "", corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer:
	default:
		findings = append(findings, finding(l.pod.exposedAt, l.ref(), "service-invalid",
			"the Service of listener "+quoted(l.name)+" has the unsupported type "+quoted(string(l.pod.service)),
			"use corev1.ServiceTypeClusterIP, ServiceTypeNodePort or ServiceTypeLoadBalancer"))
	}
	k.ServiceType = l.pod.service
	if class := l.pod.class; class != "" {
		k.ServiceLoadBalancerClass = &class
	}
	if l.pod.port < 0 || l.pod.port > 65535 {
		findings = append(findings, finding(l.pod.exposedAt, l.ref(), "service-invalid",
			"the port of the Service of listener "+quoted(l.name)+" is out of range", "set a port between 1 and 65535, or 0 for the default"))
	} else if l.pod.port != 0 {
		port := l.pod.port
		k.ServicePort = &port
	}
	return findings
}
