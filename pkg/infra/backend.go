package infra

import (
	"reflect"
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Backend is where an Ingress sends requests to: a listener, or what Service
// returns. It lives in the namespace of the Ingress, since no Ingress reaches
// into another one; one that also has a method Namespace() string says which
// that is.
type Backend interface {
	// Service is the name of the Service and its port.
	Service() (name string, port int32)
}

// Service is the backend of a Service.
func Service(name string, port int32) Backend { return backend{name, port} }

// Dashboard is the backend of the Tekton Dashboard as its release installs it:
// port 9097 of tekton-dashboard in tekton-pipelines, where the Ingress goes too.
// For one in another namespace, use Service and Ingress.Namespace. The Dashboard
// asks nobody who they are: let the Ingress do it, or keep it from the public.
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

// backend lowers a backend of a path of an Ingress.
func (l *lowering) backend(at place, path diag.Path, b Backend) (backend, bool) {
	if isNil(b) {
		l.report(at, path, "backend-missing", "", "the backend is nil", "give it a listener, or infra.Service(name, port)")
		return backend{}, false
	}
	name, port := b.Service()
	ok := l.check(at, path.Field("service", "name"), service, "the service", name)
	if port < 1 || port > 65535 {
		l.report(at, path.Field("service", "port", "number"), "port-invalid", name,
			"service "+q(name)+" is given port "+strconv.Itoa(int(port)), "a port is from 1 to 65535")
		ok = false
	}
	return backend{name, port}, ok
}

// isNil tells whether an interface holds nothing, or a nil pointer.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
