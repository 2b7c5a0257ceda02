package triggers

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// pod is what is known of a listener's pod and its Service.
type pod struct {
	replicas   *int
	replicasAt callsite.Place
	service    corev1.ServiceType
	class      string // of the load balancer
	port       int32
	exposedAt  callsite.Place
	tls        string
	tlsAt      callsite.Place
	requests   amounts
	limits     amounts
	template   *corev1.PodTemplateSpec
	templateAt callsite.Place
	custom     []byte
	customAt   callsite.Place
}

// amounts are quantities of CPU and memory, and the place of the call that set them.
type amounts struct {
	at    callsite.Place
	given [2]string
}

// Replicas sets the number of pods. The default is 1.
func (l *Listener) Replicas(count int) *Listener {
	l = l.orNew()
	l.pod.replicas, l.pod.replicasAt = &count, callsite.Here()
	return l
}

// TLS makes the listener serve HTTPS with the certificate in a Secret of type
// kubernetes.io/tls. The default port of its Service is then 8443.
func (l *Listener) TLS(secret string) *Listener {
	l = l.orNew()
	l.pod.tls, l.pod.tlsAt = secret, callsite.Here()
	return l
}

// Requests sets the CPU and memory requests of the listener's pod, as quantities.
// "" means no request.
func (l *Listener) Requests(cpu, memory string) *Listener {
	l = l.orNew()
	l.pod.requests = amounts{callsite.Here(), [2]string{cpu, memory}}
	return l
}

// Expose sets the type and the port of the listener's Service. Port 0 means the
// default, 8080, or 8443 with TLS. The default type is ClusterIP, which can only be
// reached from inside the cluster, for instance by an Ingress.
func (l *Listener) Expose(service corev1.ServiceType, port int) *Listener {
	l = l.orNew()
	l.pod.service, l.pod.port, l.pod.exposedAt = service, int32(min(max(port, -1), 1<<16)), callsite.Here() // bounded
	return l
}

// Service returns the name and the port of the listener's Service.
func (l *Listener) Service() (string, int32) {
	l = l.orNew()
	switch {
	case l.pod.port != 0:
		return "el-" + l.name, l.pod.port
	case l.pod.tls != "":
		return "el-" + l.name, 8443
	}
	return "el-" + l.name, 8080
}

// Limits sets the CPU and memory limits of the listener's pod, as quantities. "" means no
// limit.
func (l *Listener) Limits(cpu, memory string) *Listener {
	l = l.orNew()
	l.pod.limits = amounts{callsite.Here(), [2]string{cpu, memory}}
	return l
}

// LoadBalancerClass sets the class of the load balancer of a listener that is exposed with
// corev1.ServiceTypeLoadBalancer.
func (l *Listener) LoadBalancerClass(name string) *Listener {
	l = l.orNew()
	l.pod.class = name
	return l
}

// Pod sets the labels, the annotations and the spec of the listener's pod. Tekton Triggers
// allows a few fields: the node selector, tolerations, affinity, the security context, pull
// Secrets, and of at most one container its resources, probes, security context, and
// environment from Secrets. What Requests, Limits and TLS set is added to that container.
func (l *Listener) Pod(t corev1.PodTemplateSpec) *Listener {
	l = l.orNew()
	l.pod.template, l.pod.templateAt = t.DeepCopy(), callsite.Here()
	return l
}

// CustomResource makes Tekton Triggers create the given object in JSON or YAML for the
// listener, such as a Service of Knative, instead of a Deployment and a Service. It excludes
// the methods that describe these: Replicas, Expose, TLS, Requests, Limits and Pod.
func (l *Listener) CustomResource(object []byte) *Listener {
	l = l.orNew()
	l.pod.custom, l.pod.customAt = append([]byte{}, object...), callsite.Here()
	return l
}
