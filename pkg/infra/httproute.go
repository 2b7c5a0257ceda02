package infra

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// HTTPRoute describes an HTTPRoute of the Gateway API (gateway.networking.k8s.io/v1) for one
// host. It is the successor of the [Ingress]; TLS is a setting of the Gateway.
type HTTPRoute struct {
	at         place
	name, host string
	gateways   []gateway
	namespace  *named
	paths      []ingressPath
	metadata
	mutate callsite.Changes[unstructured.Unstructured]
}

// gateway is a Gateway to which a route is attached.
type gateway struct {
	at                       place
	name, namespace, section string
}

// NewHTTPRoute returns an HTTPRoute with the given name for a host; "" means all hosts of the
// Gateway. It needs at least one Gateway and one path.
//
//	infra.NewHTTPRoute("hooks", "ci.example.com").Gateway("public", "gateways", "https").Exact("/hooks", listener)
func NewHTTPRoute(name, host string) *HTTPRoute {
	return &HTTPRoute{at: callsite.Here(), name: name, host: host}
}

// Gateway attaches the route to a Gateway in a namespace, and to the listener of that name in
// it. An empty namespace is that of the route, and an empty section means all listeners of the
// Gateway: then requests without TLS may be routed as well. The Gateway must allow routes from
// the namespace of the route.
func (r *HTTPRoute) Gateway(name, namespace, section string) *HTTPRoute {
	if r != nil {
		r.gateways = append(r.gateways, gateway{callsite.Here(), name, namespace, section})
	}
	return r
}

// Path routes a path, and everything below it, to a backend (type PathPrefix).
func (r *HTTPRoute) Path(path string, b Backend) *HTTPRoute {
	return r.route(callsite.Here(), path, networkingv1.PathTypePrefix, b)
}

// Exact routes exactly this path to a backend (type Exact).
func (r *HTTPRoute) Exact(path string, b Backend) *HTTPRoute {
	return r.route(callsite.Here(), path, networkingv1.PathTypeExact, b)
}

func (r *HTTPRoute) route(at place, path string, kind networkingv1.PathType, b Backend) *HTTPRoute {
	if r != nil {
		r.paths = append(r.paths, ingressPath{at, path, kind, b})
	}
	return r
}

// Namespace sets the namespace, in which its backends must be. The default is the namespace
// of the backend, if the backend has one, or that of the set.
func (r *HTTPRoute) Namespace(name string) *HTTPRoute {
	if r != nil {
		r.namespace = &named{callsite.Here(), name}
	}
	return r
}

// Label sets a label.
func (r *HTTPRoute) Label(key, value string) *HTTPRoute {
	if r != nil {
		r.metadata.label(key, value)
	}
	return r
}

// Annotate sets an annotation.
func (r *HTTPRoute) Annotate(key, value string) *HTTPRoute {
	if r != nil {
		r.metadata.annotate(key, value)
	}
	return r
}

// Mutate registers a function that changes the HTTPRoute before it is checked, for fields that
// have no method here, such as filters. The function may be called more than once, each time
// with a new HTTPRoute.
func (r *HTTPRoute) Mutate(change func(*unstructured.Unstructured)) *HTTPRoute {
	if r != nil {
		r.mutate.Add(callsite.Here(), change)
	}
	return r
}

// httpRoute is the kind. Its types are not imported: the module sigs.k8s.io/gateway-api
// requires controller-runtime, and little of an HTTPRoute is needed.
var httpRoute = schema.GroupVersionKind{Group: "gateway.networking.k8s.io", Version: "v1", Kind: "HTTPRoute"}

// Objects returns the HTTPRoute. It implements manifest.Source.
func (r *HTTPRoute) Objects() ([]object.Object, error) {
	if r == nil {
		return absent("HTTPRoute", "create it with infra.NewHTTPRoute")
	}
	l := lower(r.at, httpRoute, r.name)
	_, meta := l.meta(dnsName)
	r.metadata.lower(l, &meta)
	spec := map[string]any{"parentRefs": r.parents(l)}
	hosts := diag.Fields("spec", "hostnames")
	if l.host(r.at, hosts.Index(0), r.host); r.host != "" {
		spec["hostnames"] = []any{r.host}
	}
	if r.namespace != nil && l.check(r.namespace.at, diag.Fields("metadata", "namespace"), dnsLabel, "the namespace", r.namespace.name) {
		meta.Namespace = r.namespace.name
	}
	rules, namespace := r.rules(l, meta.Namespace)
	spec["rules"] = rules
	u := loose(httpRoute, meta.Name, meta.Labels, meta.Annotations, spec)
	u.SetNamespace(namespace)
	l.list = append(l.list, r.mutate.Apply(u, l.ref())...)
	return finish([]object.Object{l.object(u)}, l.list)
}

// parents lowers the Gateways.
func (r *HTTPRoute) parents(l *lowering) []any {
	path := diag.Fields("spec", "parentRefs")
	if len(r.gateways) == 0 {
		l.report(r.at, path, "gateway-missing", r.name, "the HTTPRoute has no Gateway, so nothing serves it", "attach it to one with Gateway")
	}
	out := make([]any, 0, len(r.gateways))
	seen := l.once("gateway", "Gateway")
	for i, g := range r.gateways {
		at := path.Index(i)
		l.check(g.at, at.Field("name"), dnsName, "the name of the Gateway", g.name)
		parent := map[string]any{"name": g.name}
		if g.namespace != "" {
			l.check(g.at, at.Field("namespace"), dnsLabel, "the namespace of the Gateway", g.namespace)
			parent["namespace"] = g.namespace
		}
		if g.section != "" {
			l.check(g.at, at.Field("sectionName"), dnsName, "the section of the Gateway", g.section)
			parent["sectionName"] = g.section
		}
		if seen.first(g.at, at, g.namespace+"/"+g.name+"/"+g.section) {
			out = append(out, parent)
		}
	}
	return out
}

// rules lowers the paths, and determines the namespace from the backends.
func (r *HTTPRoute) rules(l *lowering, namespace string) ([]any, string) {
	if len(r.paths) == 0 {
		l.report(r.at, diag.Fields("spec", "rules"), "path-missing", r.name, "the HTTPRoute has no path", "add one with Path or Exact")
	}
	types := map[networkingv1.PathType]string{networkingv1.PathTypePrefix: "PathPrefix", networkingv1.PathTypeExact: "Exact"}
	seen := map[networkingv1.PathType]once{networkingv1.PathTypePrefix: l.once("path", "path"), networkingv1.PathTypeExact: l.once("path", "path")}
	var out []any
	for i, p := range r.paths {
		rule := diag.Fields("spec", "rules").Index(i)
		l.put(rule, p.at)
		match := rule.Field("matches").Index(0).Field("path", "value")
		if l.path(p.at, match, p.path) {
			seen[p.kind].first(p.at, match, p.path)
		}
		at := rule.Field("backendRefs").Index(0)
		b, ok := l.backend(p.at, at, p.backend)
		if ok {
			namespace = l.with(p, at, r.namespace, namespace, i == 0)
		}
		out = append(out, map[string]any{
			"matches":     []any{map[string]any{"path": map[string]any{"type": types[p.kind], "value": p.path}}},
			"backendRefs": []any{map[string]any{"name": b.name, "port": int64(b.port)}},
		})
	}
	return out, namespace
}
