package infra

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// lowerPaths lowers the paths, and determines the namespace from the backends.
func (i *Ingress) lowerPaths(l *lowering, o *networkingv1.Ingress) {
	if i.namespace != nil && l.check(i.namespace.at, diag.Fields("metadata", "namespace"), dnsLabel, "the namespace", i.namespace.name) {
		o.Namespace = i.namespace.name
	}
	if len(i.paths) == 0 {
		l.report(i.at, diag.Fields("spec", "rules"), "path-missing", i.name, "the Ingress has no path", "add one with Path or Exact")
		return
	}
	http := &networkingv1.HTTPIngressRuleValue{}
	paths := map[networkingv1.PathType]once{
		networkingv1.PathTypePrefix: l.once("path", "path"),
		networkingv1.PathTypeExact:  l.once("path", "path"),
	}
	for n, p := range i.paths {
		path := diag.Fields("spec", "rules").Index(0).Field("http", "paths").Index(n)
		l.put(path, p.at)
		if l.path(p.at, path.Field("path"), p.path) {
			paths[p.kind].first(p.at, path, p.path)
		}
		b, ok := l.backend(p.at, path.Field("backend"), p.backend)
		if ok {
			o.Namespace = l.with(p, path.Field("backend"), i.namespace, o.Namespace, n == 0)
		}
		http.Paths = append(http.Paths, networkingv1.HTTPIngressPath{
			Path: p.path, PathType: &p.kind,
			Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
				Name: b.name, Port: networkingv1.ServiceBackendPort{Number: b.port},
			}},
		})
	}
	o.Spec.Rules = []networkingv1.IngressRule{{
		Host: i.host, IngressRuleValue: networkingv1.IngressRuleValue{HTTP: http},
	}}
}

// with returns the namespace of an Ingress or an HTTPRoute, which is that of its backends;
// own is the one that was set, and current the one so far.
func (l *lowering) with(p ingressPath, path diag.Path, own *named, current string, first bool) string {
	namespace, kind := namespaceOf(p.backend), l.kind.Kind
	switch {
	case current == "" && first:
		return namespace
	case namespace != current && (namespace != "" || own == nil):
		name, _ := p.backend.Service()
		l.report(p.at, path, "backend-elsewhere", name,
			"Service "+q(name)+" is "+in(namespace)+", but the "+kind+" is "+in(current),
			"create another "+kind+" in the namespace of the Service, or, if all its Services are in the same namespace, call Namespace on this "+kind)
	}
	return current
}

// namespaceOf returns the namespace of a backend, or "" if it has none.
func namespaceOf(b Backend) string {
	if n, ok := b.(interface{ Namespace() string }); ok {
		return n.Namespace()
	}
	return ""
}

func in(namespace string) string {
	if namespace == "" {
		return "in the default namespace of the manifests"
	}
	return "in namespace " + q(namespace)
}

// path reports paths that the API server rejects.
func (l *lowering) path(at place, path diag.Path, s string) bool {
	if !l.plain(at, path, "the path", s) {
		return false
	}
	if !strings.HasPrefix(s, "/") {
		l.report(at, path, "path-invalid", s, "the path "+q(s)+" does not begin with /", "write "+q("/"+s))
		return false
	}
	for _, bad := range []string{"//", "%2f", "%2F", "/./", "/../"} {
		text := s
		if strings.HasSuffix(bad, "./") {
			text += "/" // also invalid at the end
		}
		if strings.Contains(text, bad) {
			l.report(at, path, "path-invalid", s, "the path "+q(s)+" contains "+q(bad)+", which the API server rejects",
				"write a normalized path without "+q(bad))
			return false
		}
	}
	return true
}
