package infra

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ListenerPolicy describes a NetworkPolicy for the pods of a listener: nothing but the port
// for events can be reached, and only from the given namespaces.
type ListenerPolicy struct {
	at       place
	listener Backend
	from     []named
	metadata
	mutate callsite.Changes[networkingv1.NetworkPolicy]
}

// NewListenerPolicy returns a NetworkPolicy for the pods of a listener. It has the name of
// the listener's Service. Without From, events may come from everywhere.
//
//	infra.NewListenerPolicy(listener).From("ingress-nginx")
//
// It does not restrict where the listener may connect to: it needs the API server and its
// interceptors. Clusters without a network plugin for NetworkPolicies ignore it.
func NewListenerPolicy(listener Backend) *ListenerPolicy {
	return &ListenerPolicy{at: callsite.Here(), listener: listener}
}

// From allows requests from the pods in these namespaces, such as that of the Ingress
// controller or the Gateway.
func (n *ListenerPolicy) From(namespaces ...string) *ListenerPolicy {
	if n != nil {
		n.from = appendNames(n.from, callsite.Here(), namespaces)
	}
	return n
}

// Label sets a label of the NetworkPolicy.
func (n *ListenerPolicy) Label(key, value string) *ListenerPolicy {
	if n != nil {
		n.metadata.label(key, value)
	}
	return n
}

// Annotate sets an annotation of the NetworkPolicy.
func (n *ListenerPolicy) Annotate(key, value string) *ListenerPolicy {
	if n != nil {
		n.metadata.annotate(key, value)
	}
	return n
}

// Mutate registers a function that changes the NetworkPolicy before it is checked, for
// example to allow requests from addresses outside the cluster. The function may be called
// more than once, each time with a new NetworkPolicy.
func (n *ListenerPolicy) Mutate(change func(*networkingv1.NetworkPolicy)) *ListenerPolicy {
	if n != nil {
		n.mutate.Add(callsite.Here(), change)
	}
	return n
}

// listenerPort is the port on which the container of a listener serves events, whatever the
// port of its Service is.
const listenerPort = 8080

// Objects returns the NetworkPolicy. It implements manifest.Source.
func (n *ListenerPolicy) Objects() ([]object.Object, error) {
	if n == nil {
		return absent("NetworkPolicy", "create it with infra.NewListenerPolicy")
	}
	name := ""
	if !isNil(n.listener) {
		name, _ = n.listener.Service()
	}
	l := lower(n.at, networkingv1.SchemeGroupVersion.WithKind("NetworkPolicy"), name)
	listener, ok := strings.CutPrefix(name, "el-")
	if !ok {
		l.report(n.at, diag.Fields("spec", "podSelector"), "listener-missing", name, "the backend is not a listener", "pass what triggers.NewListener returned")
		return finish(nil, l.list)
	}
	o := &networkingv1.NetworkPolicy{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	n.metadata.lower(l, &o.ObjectMeta)
	tcp, port := corev1.ProtocolTCP, intstr.FromInt32(listenerPort)
	rule := networkingv1.NetworkPolicyIngressRule{Ports: []networkingv1.NetworkPolicyPort{{Protocol: &tcp, Port: &port}}}
	seen := l.once("namespace", "namespace")
	for i, ns := range n.from {
		path := diag.Fields("spec", "ingress").Index(0).Field("from").Index(i)
		if l.check(ns.at, path, dnsLabel, "the namespace", ns.name) && seen.first(ns.at, path, ns.name) {
			rule.From = append(rule.From, networkingv1.NetworkPolicyPeer{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: ns.name}},
			})
		}
	}
	o.Spec = networkingv1.NetworkPolicySpec{
		// The labels that Tekton Triggers gives to the pods.
		PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/managed-by": "EventListener", "eventlistener": listener}},
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
		Ingress:     []networkingv1.NetworkPolicyIngressRule{rule},
	}
	l.list = append(l.list, n.mutate.Apply(o, l.ref())...)
	return finish([]object.Object{l.object(o)}, l.list)
}
