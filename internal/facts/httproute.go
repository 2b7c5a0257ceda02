package facts

import (
	"cmp"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"
)

// This file reads the HTTPRoutes of the Gateway API, whose types this module does not link.

// ServiceBackend is a Service to which an Ingress or an HTTPRoute sends requests.
type ServiceBackend struct {
	Name, Namespace string
	Port            networkingv1.ServiceBackendPort
	NameAt, PortAt  Spot
}

// EachService calls visit for each Service to which an Ingress or an HTTPRoute sends requests.
// References that are incomplete or invalid are left out.
func (e *Entry) EachService(visit func(*ServiceBackend)) {
	e.EachBackend(func(at Spot, b *networkingv1.IngressBackend) {
		if b.Service == nil || b.Resource != nil || len(validation.IsDNS1035Label(b.Service.Name)) > 0 || !ValidPort(b.Service.Port) {
			return
		}
		at = at.Field("service")
		port := at.Field("port", "number")
		if b.Service.Port.Name != "" {
			port = at.Field("port", "name")
		}
		visit(&ServiceBackend{b.Service.Name, e.Ref.Namespace, b.Service.Port, at.Field("name"), port})
	})
	if !e.isHTTPRoute() {
		return
	}
	u := e.Object.Object.(*unstructured.Unstructured)
	rules, _, _ := unstructured.NestedFieldNoCopy(u.Object, "spec", "rules")
	for i, rule := range list(rules) {
		for j, backend := range list(field(rule, "backendRefs")) {
			group, _ := field(backend, "group").(string)
			kind, _ := field(backend, "kind").(string)
			name, _ := field(backend, "name").(string)
			namespace, _ := field(backend, "namespace").(string)
			number, ok := whole(field(backend, "port"))
			if group != "" || kind != "" && kind != "Service" || !ok || len(validation.IsDNS1035Label(name)) > 0 {
				continue
			}
			port := networkingv1.ServiceBackendPort{Number: number}
			if at := e.At("spec").Index("rules", i).Index("backendRefs", j); ValidPort(port) {
				visit(&ServiceBackend{name, cmp.Or(namespace, e.Ref.Namespace), port, at.Field("name"), at.Field("port")})
			}
		}
	}
}

// isHTTPRoute reports whether the object is an HTTPRoute.
func (e *Entry) isHTTPRoute() bool {
	_, loose := e.Object.Object.(*unstructured.Unstructured)
	return loose && e.Ref.Kind == "HTTPRoute" && strings.HasPrefix(e.Ref.APIVersion, "gateway.networking.k8s.io/")
}

// IsWayIn reports whether the object leads requests from outside to Services.
func (e *Entry) IsWayIn() bool {
	_, ok := e.Kube.(*networkingv1.Ingress)
	return ok || e.isHTTPRoute()
}

// serviceNeeds adds the Services to which an Ingress or an HTTPRoute sends requests, except
// those that Tekton creates for the EventListeners of the set.
func (e *Entry) serviceNeeds() {
	e.EachService(func(b *ServiceBackend) {
		if e.set.listenerOf(b, e) == nil {
			e.need(Need{Spot: b.NameAt, Kind: "Service", Name: b.Name, Namespace: b.Namespace, Port: &b.Port})
		}
	})
}

// listenerOf returns the EventListener for which Tekton creates the Service; nil if it is not in
// the set.
func (s *Set) listenerOf(b *ServiceBackend, from *Entry) *Entry {
	if name, ok := strings.CutPrefix(b.Name, "el-"); ok {
		return s.Find("EventListener", b.Namespace, name, from)
	}
	return nil
}

func list(v any) []any {
	out, _ := v.([]any)
	return out
}

func field(v any, name string) any {
	m, _ := v.(map[string]any)
	return m[name]
}

// whole returns a number that is a port.
func whole(v any) (int32, bool) {
	switch n := v.(type) {
	case int64:
		return int32(n), n > 0 && n <= 65535
	case float64:
		return int32(n), n > 0 && n <= 65535 && n == float64(int32(n))
	}
	return 0, false
}
