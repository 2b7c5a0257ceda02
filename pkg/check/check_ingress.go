package check

import (
	"net/netip"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/tekref"
)

// oldClass is the annotation that spec.ingressClassName replaced.
const oldClass = "kubernetes.io/ingress.class"

// ingress checks what the API server asks of an Ingress, and where it leads.
func (c *checker) ingress(e *entry, o *networkingv1.Ingress) {
	s := in(e, "spec")
	if class, ok := o.Annotations[oldClass]; ok {
		at := in(e, key("metadata.annotations", oldClass)).of(oldClass)
		if o.Spec.IngressClassName != nil {
			c.fail(at, "ingress-class", class, e.ref.String()+" has both ingressClassName and the annotation that it replaced, which the API server refuses", "drop the annotation")
		} else {
			c.warn(at, "ingress-class", class, "the annotation "+q(oldClass)+" is out of use", "set spec.ingressClassName")
		}
	}
	if len(o.Spec.Rules) == 0 && o.Spec.DefaultBackend == nil {
		c.fail(s, "ingress-invalid", e.ref.Name, e.ref.String()+" has neither rules nor a defaultBackend", "add a rule")
	}
	if b := o.Spec.DefaultBackend; b != nil {
		c.backend(s.field("defaultBackend"), b)
	}
	for i := range o.Spec.Rules {
		r, at := &o.Spec.Rules[i], s.index("rules", i)
		c.host(at.field("host"), r.Host)
		if r.HTTP == nil {
			if o.Spec.DefaultBackend == nil {
				c.warn(at, "ingress-invalid", r.Host, "a rule of "+e.ref.String()+" has no http, and there is no defaultBackend: it leads nowhere", "add http with a path")
			}
			continue
		}
		if len(r.HTTP.Paths) == 0 {
			c.fail(at.field("http.paths"), "ingress-invalid", r.Host, "a rule of "+e.ref.String()+" has no paths", "add a path")
		}
		for j := range r.HTTP.Paths {
			p, ps := &r.HTTP.Paths[j], at.field("http").index("paths", j)
			c.ingressPath(ps, p)
			c.backend(ps.field("backend"), &p.Backend)
			c.route(ps.field("path"), o, r.Host, p)
		}
	}
	c.ingressTLS(s, o)
}

// host checks the name of a host.
func (c *checker) host(s spot, host string) {
	if !validHost(host) {
		c.fail(s, "host-invalid", host, "host "+q(host)+" is not the DNS name of a host", `write the name alone, in lower case: "ci.example.com" or "*.example.com"`)
	}
}

func validHost(host string) bool {
	if host == "" || tekref.Contains(host) {
		return true
	}
	valid := validation.IsDNS1123Subdomain
	if strings.HasPrefix(host, "*") {
		valid = validation.IsWildcardDNS1123Subdomain
	}
	_, notIP := netip.ParseAddr(host)
	return notIP != nil && len(valid(host)) == 0
}

// ingressPath checks a path and its type.
func (c *checker) ingressPath(s spot, p *networkingv1.HTTPIngressPath) {
	types := []string{string(networkingv1.PathTypePrefix), string(networkingv1.PathTypeExact), string(networkingv1.PathTypeImplementationSpecific)}
	if p.PathType == nil {
		c.fail(s, "path-invalid", p.Path, "path "+q(p.Path)+" has no pathType", "write pathType: Prefix")
		return
	}
	kind := string(*p.PathType)
	if tekref.Contains(kind) || tekref.Contains(p.Path) {
		return
	}
	if !slices.Contains(types, kind) {
		c.fail(s.field("pathType"), "path-invalid", kind, "the pathType "+q(kind)+" does not exist", oneOf(kind, types))
		return
	}
	at := s.field("path")
	switch loose := kind == types[2]; {
	case p.Path == "" && loose:
	case !strings.HasPrefix(p.Path, "/"):
		c.fail(at, "path-invalid", p.Path, "path "+q(p.Path)+" does not begin with a slash", "write "+q("/"+p.Path))
	case loose:
	default:
		for _, part := range [...]string{"//", "/./", "/../", "%2f", "%2F"} {
			if strings.Contains(p.Path, part) {
				c.fail(at, "path-invalid", p.Path, "path "+q(p.Path)+" holds "+q(part)+", which the API server refuses", "leave it out")
				return
			}
		}
		if strings.HasSuffix(p.Path, "/..") || strings.HasSuffix(p.Path, "/.") {
			c.fail(at, "path-invalid", p.Path, "path "+q(p.Path)+" ends with dots, which the API server refuses", "leave them out")
		}
	}
}

// route is what an Ingress answers to.
type route struct{ class, host, path, kind string }

// route warns of two Ingresses that answer to the same.
func (c *checker) route(s spot, o *networkingv1.Ingress, host string, p *networkingv1.HTTPIngressPath) {
	r := route{class: o.Annotations[oldClass], host: host, path: p.Path}
	if o.Spec.IngressClassName != nil {
		r.class = *o.Spec.IngressClassName
	}
	if p.PathType != nil {
		r.kind = string(*p.PathType)
	}
	if tekref.Contains(r.class + r.host + r.path) {
		return
	}
	if c.routes == nil {
		c.routes = map[route]spot{}
	}
	first, ok := c.routes[r]
	switch {
	case !ok:
		c.routes[r] = s
	case first.entry != s.entry && first.ref == s.ref: // told as object-duplicate
	default:
		where := "on every host"
		if host != "" {
			where = "of host " + q(host)
		}
		c.warn(s, "path-duplicate", p.Path, "path "+q(p.Path)+" "+where+" is there twice: the controller serves one of them", "keep one of them", first.related(first.ref.String()+" has it first"))
	}
}

// ingressTLS checks the certificates of an Ingress.
func (c *checker) ingressTLS(s spot, o *networkingv1.Ingress) {
	managed := certified(o.Annotations)
	covered := map[string]bool{}
	for i := range o.Spec.TLS {
		t, at := &o.Spec.TLS[i], s.index("tls", i)
		for j, h := range t.Hosts {
			covered[h] = true
			c.host(s.at(at.field("hosts").path+"["+itoa(j)+"]"), h)
		}
		if len(t.Hosts) == 0 {
			covered["*"] = true
		}
		if t.SecretName == "" || managed {
			continue
		}
		if found := c.wants(at.field("secretName"), want{kind: "Secret", name: t.SecretName, without: "the controller shows a certificate that no client trusts"}); found != nil {
			for _, k := range [...]string{"tls.crt", "tls.key"} {
				c.hasKey(at.field("secretName"), found, k)
			}
		}
	}
	if len(o.Spec.TLS) == 0 {
		if !managed && len(o.Spec.Rules) > 0 {
			c.warn(s.at("metadata.name"), "tls-missing", s.ref.Name, s.ref.String()+" has no TLS: anyone on the way can read and change what is sent", "list its hosts and a certificate under tls")
		}
		return
	}
	for i := range o.Spec.Rules {
		host := o.Spec.Rules[i].Host
		_, domain, _ := strings.Cut(host, ".")
		if host == "" || tekref.Contains(host) || covered["*"] || covered[host] || covered["*."+domain] || managed || !validHost(host) {
			continue
		}
		c.warn(s.index("rules", i).field("host"), "tls-missing", host, "host "+q(host)+" of "+s.ref.String()+" is not under tls, so it is served without", "add it to tls[].hosts")
	}
}

// certified reports whether a controller of certificates looks after an
// Ingress: it makes the Secret, or needs none.
func certified(annotations map[string]string) bool {
	for name := range annotations {
		if strings.HasPrefix(name, "cert-manager.io/") || strings.Contains(name, "tls-acme") || strings.Contains(name, "certificate") || strings.Contains(name, "pre-shared-cert") {
			return true
		}
	}
	return false
}
