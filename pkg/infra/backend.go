package infra

import (
	"reflect"
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Backend is the target of requests to an Ingress: a listener, or the result of
// [Service]. It must be in the namespace of the Ingress. If the Backend also has a
// method Namespace() string, that method returns this namespace.
type Backend interface {
	// Service returns the name and the port of the Service.
	Service() (name string, port int32)
}

// Service returns a backend that refers to a Service.
func Service(name string, port int32) Backend { return backend{name, port} }

// Dashboard returns the backend of the Tekton Dashboard as its release installs it:
// port 9097 of the Service tekton-dashboard in the namespace tekton-pipelines, in
// which the Ingress is then created, too. For another namespace, use [Service] and
// [Ingress.Namespace]. The Dashboard has no authentication: configure it for the
// Ingress, or do not make the Ingress public.
//
//	infra.NewIngress("dashboard", "tekton.example.com").TLS("dashboard-tls").
//		Path("/", infra.Dashboard()).
//		Annotate("nginx.ingress.kubernetes.io/auth-url", "https://sso.example.com/auth")
func Dashboard() Backend { return dashboard{backend{"tekton-dashboard", 9097}} }

type backend struct {
	name string
	port int32
}

func (b backend) Service() (string, int32) { return b.name, b.port }

type dashboard struct{ backend }

func (dashboard) Namespace() string { return "tekton-pipelines" }

// backend lowers the backend of an Ingress path.
func (l *lowering) backend(at place, path diag.Path, b Backend) (backend, bool) {
	if isNil(b) {
		l.report(at, path, "backend-missing", "", "the backend is nil", "pass a listener, or infra.Service(name, port)")
		return backend{}, false
	}
	name, port := b.Service()
	ok := l.check(at, path.Field("service", "name"), service, "the name of the Service", name)
	if port < 1 || port > 65535 {
		l.report(at, path.Field("service", "port", "number"), "port-invalid", name,
			"the port of Service "+q(name)+" is "+strconv.Itoa(int(port)), "set a port between 1 and 65535")
		ok = false
	}
	return backend{name, port}, ok
}

// isNil reports whether an interface is nil or holds a nil pointer.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
