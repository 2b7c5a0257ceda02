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

// Ingress describes an Ingress of one host.
type Ingress struct {
	at         place
	name, host string
	class      *named
	tls        *named
	namespace  *named
	paths      []ingressPath
	metadata
	mutate []func(*networkingv1.Ingress)
}

type ingressPath struct {
	at      place
	path    string
	kind    networkingv1.PathType
	backend Backend
}

// NewIngress describes an Ingress for a host; "" is every host. It needs a
// path.
//
//	infra.NewIngress("hooks", "ci.example.com").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)
func NewIngress(name, host string) *Ingress {
	return &Ingress{at: callsite.Here(), name: name, host: host}
}

// Path sends a path, and all below it, to a backend.
func (i *Ingress) Path(path string, b Backend) *Ingress {
	return i.route(callsite.Here(), path, networkingv1.PathTypePrefix, b)
}

// Exact sends exactly this path to a backend.
func (i *Ingress) Exact(path string, b Backend) *Ingress {
	return i.route(callsite.Here(), path, networkingv1.PathTypeExact, b)
}

func (i *Ingress) route(at place, path string, kind networkingv1.PathType, b Backend) *Ingress {
	if i != nil {
		i.paths = append(i.paths, ingressPath{at, path, kind, b})
	}
	return i
}

// Class names the IngressClass, and by that the controller. Without it, the
// cluster's default class counts.
func (i *Ingress) Class(name string) *Ingress {
	if i != nil {
		i.class = &named{callsite.Here(), name}
	}
	return i
}

// TLS ends TLS for the host, with the certificate in a Secret.
func (i *Ingress) TLS(secret string) *Ingress {
	if i != nil {
		i.tls = &named{callsite.Here(), secret}
	}
	return i
}

// Namespace sets the namespace, which its backends must be in. Without it, the
// Ingress is where its set is, or its backend says to be.
func (i *Ingress) Namespace(name string) *Ingress {
	if i != nil {
		i.namespace = &named{callsite.Here(), name}
	}
	return i
}

// Annotate sets an annotation, which is how controllers take their settings.
func (i *Ingress) Annotate(key, value string) *Ingress {
	if i != nil {
		i.metadata.annotate(key, value)
	}
	return i
}

// Mutate changes the Ingress after it has been lowered: the hatch for fields
// that have no method here. It may be called more than once, on a fresh copy
// each time.
func (i *Ingress) Mutate(change func(*networkingv1.Ingress)) *Ingress {
	if i != nil && change != nil {
		i.mutate = append(i.mutate, change)
	}
	return i
}

// Objects is the Ingress. The error, and the objects beside one,
// are as in manifest.Source.
func (i *Ingress) Objects() ([]object.Object, error) {
	if i == nil {
		return absent("Ingress", "make it with infra.NewIngress")
	}
	l := lower(i.at, networkingv1.SchemeGroupVersion.WithKind("Ingress"), i.name)
	o := &networkingv1.Ingress{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	i.metadata.lower(l, &o.ObjectMeta)
	i.lowerClass(l, o)
	i.lowerHost(l, o)
	i.lowerPaths(l, o)
	for _, change := range i.mutate {
		change(o)
	}
	return finish([]object.Object{l.object(o)}, l.list)
}

// oldClass is the annotation that spec.ingressClassName replaced.
const oldClass = "kubernetes.io/ingress.class"

func (i *Ingress) lowerClass(l *lowering, o *networkingv1.Ingress) {
	if i.class == nil {
		return
	}
	l.check(i.class.at, diag.Fields("spec", "ingressClassName"), dnsName, "class", i.class.name)
	class := i.class.name
	o.Spec.IngressClassName = &class
	for _, a := range i.annotations {
		if a.key == oldClass {
			l.report(a.at, diag.Fields("metadata", "annotations").Key(oldClass), "class-duplicate", oldClass,
				"both Class and annotation "+q(oldClass)+" name a class, which the API server refuses", "drop the annotation")
		}
	}
}

func (i *Ingress) lowerHost(l *lowering, o *networkingv1.Ingress) {
	if i.host != "" && l.plain(i.at, diag.Fields("spec", "rules").Index(0).Field("host"), "host", i.host) {
		valid := validation.IsDNS1123Subdomain
		if strings.HasPrefix(i.host, "*") {
			valid = validation.IsWildcardDNS1123Subdomain
		}
		_, noIP := netip.ParseAddr(i.host)
		if noIP == nil || len(valid(i.host)) > 0 {
			l.report(i.at, diag.Fields("spec", "rules").Index(0).Field("host"), "host-invalid", i.host, "host "+q(i.host)+" is not the DNS name of a host",
				`write the name alone, in lower case: "ci.example.com" or "*.example.com"`)
		}
	}
	if i.tls == nil {
		return
	}
	l.check(i.tls.at, diag.Fields("spec", "tls").Index(0).Field("secretName"), dnsName, "secret name", i.tls.name)
	if i.host == "" {
		l.report(i.tls.at, diag.Fields("spec", "tls").Index(0), "host-missing", i.tls.name, "TLS is set, and there is no host that the certificate could be for",
			"give NewIngress a host")
		return
	}
	o.Spec.TLS = []networkingv1.IngressTLS{{Hosts: []string{i.host}, SecretName: i.tls.name}}
}
