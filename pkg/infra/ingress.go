package infra

import (
	"net/netip"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Ingress describes an Ingress for one host.
type Ingress struct {
	at         place
	name, host string
	class      *named
	tls        *named
	namespace  *named
	paths      []ingressPath
	metadata
	mutate callsite.Changes[networkingv1.Ingress]
}

type ingressPath struct {
	at      place
	path    string
	kind    networkingv1.PathType
	backend Backend
}

// NewIngress returns an Ingress with the given name for a host; "" means all hosts.
// It needs at least one path.
//
//	infra.NewIngress("hooks", "ci.example.com").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)
func NewIngress(name, host string) *Ingress {
	return &Ingress{at: callsite.Here(), name: name, host: host}
}

// Path routes a path, and everything below it, to a backend (pathType Prefix).
func (i *Ingress) Path(path string, b Backend) *Ingress {
	return i.route(callsite.Here(), path, networkingv1.PathTypePrefix, b)
}

// Exact routes exactly this path to a backend (pathType Exact).
func (i *Ingress) Exact(path string, b Backend) *Ingress {
	return i.route(callsite.Here(), path, networkingv1.PathTypeExact, b)
}

func (i *Ingress) route(at place, path string, kind networkingv1.PathType, b Backend) *Ingress {
	if i != nil {
		i.paths = append(i.paths, ingressPath{at, path, kind, b})
	}
	return i
}

// Class sets the IngressClass, which selects the controller. The default is the
// default class of the cluster.
func (i *Ingress) Class(name string) *Ingress {
	if i != nil {
		i.class = &named{callsite.Here(), name}
	}
	return i
}

// TLS enables TLS for the host, with the certificate in the given Secret.
func (i *Ingress) TLS(secret string) *Ingress {
	if i != nil {
		i.tls = &named{callsite.Here(), secret}
	}
	return i
}

// Namespace sets the namespace, in which its backends must be. The default is the
// namespace of the backend, if the backend has one, or that of the set.
func (i *Ingress) Namespace(name string) *Ingress {
	if i != nil {
		i.namespace = &named{callsite.Here(), name}
	}
	return i
}

// Annotate sets an annotation. Controllers use annotations for their settings.
func (i *Ingress) Annotate(key, value string) *Ingress {
	if i != nil {
		i.metadata.annotate(key, value)
	}
	return i
}

// Mutate registers a function that changes the Ingress before it is checked, for fields that have no
// method here. The function may be called more than once, each time with a new
// Ingress.
func (i *Ingress) Mutate(change func(*networkingv1.Ingress)) *Ingress {
	if i != nil {
		i.mutate.Add(callsite.Here(), change)
	}
	return i
}

// Objects returns the Ingress. It implements manifest.Source.
func (i *Ingress) Objects() ([]object.Object, error) {
	if i == nil {
		return absent("Ingress", "create it with infra.NewIngress")
	}
	l := lower(i.at, networkingv1.SchemeGroupVersion.WithKind("Ingress"), i.name)
	o := &networkingv1.Ingress{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	i.metadata.lower(l, &o.ObjectMeta)
	i.lowerClass(l, o)
	i.lowerHost(l, o)
	i.lowerPaths(l, o)
	l.list = append(l.list, i.mutate.Apply(o, l.ref())...)
	return finish([]object.Object{l.object(o)}, l.list)
}

// oldClass is the annotation that spec.ingressClassName replaces.
const oldClass = "kubernetes.io/ingress.class"

func (i *Ingress) lowerClass(l *lowering, o *networkingv1.Ingress) {
	if i.class == nil {
		return
	}
	l.check(i.class.at, diag.Fields("spec", "ingressClassName"), dnsName, "the class", i.class.name)
	class := i.class.name
	o.Spec.IngressClassName = &class
	for _, a := range i.annotations {
		if a.key == oldClass {
			l.report(a.at, diag.Fields("metadata", "annotations").Key(oldClass), "class-duplicate", oldClass,
				"both Class and the annotation "+q(oldClass)+" set the class, so the API server rejects the Ingress", "remove the annotation")
		}
	}
}

func (i *Ingress) lowerHost(l *lowering, o *networkingv1.Ingress) {
	l.host(i.at, diag.Fields("spec", "rules").Index(0).Field("host"), i.host)
	if i.tls == nil {
		return
	}
	l.check(i.tls.at, diag.Fields("spec", "tls").Index(0).Field("secretName"), dnsName, "the name of the TLS Secret", i.tls.name)
	if i.host == "" {
		l.report(i.tls.at, diag.Fields("spec", "tls").Index(0), "host-missing", i.tls.name, "TLS is set, but the Ingress has no host",
			"pass the host of the certificate to NewIngress")
		return
	}
	o.Spec.TLS = []networkingv1.IngressTLS{{Hosts: []string{i.host}, SecretName: i.tls.name}}
}

// host reports a host that is not a DNS name. The empty one means all hosts.
func (l *lowering) host(at place, path diag.Path, host string) {
	if host == "" || !l.plain(at, path, "the host", host) {
		return
	}
	valid := validation.IsDNS1123Subdomain
	if strings.HasPrefix(host, "*") {
		valid = validation.IsWildcardDNS1123Subdomain
	}
	_, noIP := netip.ParseAddr(host)
	if noIP == nil || len(valid(host)) > 0 {
		l.report(at, path, "host-invalid", host, "the host "+q(host)+" is not a valid DNS name",
			`write only the name, in lower case: "ci.example.com" or "*.example.com"`)
	}
}
