package facts

import (
	"net/netip"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/tekref"
)

// EachPath calls visit for each path of an Ingress, with its host.
func (e *Entry) EachPath(visit func(s Spot, host string, path *networkingv1.HTTPIngressPath)) {
	o, ok := e.Kube.(*networkingv1.Ingress)
	if !ok {
		return
	}
	s := e.At("spec")
	for i := range o.Spec.Rules {
		r := &o.Spec.Rules[i]
		if r.HTTP == nil {
			continue
		}
		for j := range r.HTTP.Paths {
			visit(s.Index("rules", i).Field("http").Index("paths", j), r.Host, &r.HTTP.Paths[j])
		}
	}
}

// route is the host, path and path type of an Ingress path.
type route struct{ class, host, path, kind string }

// FirstRoute returns the place of the path in an Ingress of the set that is the
// first to serve the requests of a path of e. It returns false if a variable is part
// of that path.
func (s *Set) FirstRoute(e *Entry, host string, path *networkingv1.HTTPIngressPath) (Spot, bool) {
	s.asked(Objects)
	if s.routes == nil {
		s.routes = map[route]Spot{}
		for _, o := range s.All() {
			if o.IsCopy() {
				continue
			}
			o.EachPath(func(at Spot, host string, path *networkingv1.HTTPIngressPath) {
				if r, ok := routeOf(o, host, path); ok {
					if _, taken := s.routes[r]; !taken {
						s.routes[r] = at
					}
				}
			})
		}
	}
	r, ok := routeOf(e, host, path)
	return s.routes[r], ok
}

func routeOf(e *Entry, host string, path *networkingv1.HTTPIngressPath) (route, bool) {
	o, ok := e.Kube.(*networkingv1.Ingress)
	if !ok {
		return route{}, false
	}
	r := route{class: o.Annotations["kubernetes.io/ingress.class"], host: host, path: path.Path}
	if o.Spec.IngressClassName != nil {
		r.class = *o.Spec.IngressClassName
	}
	if path.PathType != nil {
		r.kind = string(*path.PathType)
	}
	return r, !tekref.Contains(r.class + r.host + r.path)
}

// IsHost reports whether a text is a valid host of an Ingress. The empty host is
// valid.
func IsHost(host string) bool {
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
