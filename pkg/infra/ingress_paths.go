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
			i.place(l, o, n)
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

// place puts the Ingress into the namespace of the backend of path n.
func (i *Ingress) place(l *lowering, o *networkingv1.Ingress, n int) {
	p := i.paths[n]
	namespace := namespaceOf(p.backend)
	switch {
	case o.Namespace == "" && n == 0:
		o.Namespace = namespace
	case namespace != o.Namespace && (namespace != "" || i.namespace == nil):
		name, _ := p.backend.Service()
		l.report(p.at, diag.Fields("spec", "rules").Index(0).Field("http", "paths").Index(n).Field("backend"), "backend-elsewhere", name,
			"Service "+q(name)+" is "+in(namespace)+", but the Ingress is "+in(o.Namespace),
			"create another Ingress in the namespace of the Service, or, if all its Services are in the same namespace, call Namespace on this Ingress")
	}
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
