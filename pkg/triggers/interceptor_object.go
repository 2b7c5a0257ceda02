package triggers

import (
	"encoding/base64"
	"net/url"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// InterceptorServer describes a ClusterInterceptor or an Interceptor: an object that says
// where the server of an interceptor is. Triggers refer to it with the function
// [ClusterInterceptor] or [NamespacedInterceptor].
type InterceptorServer struct {
	at      callsite.Place
	name    string
	kind    string
	service *serverService
	url     *string
	port    int
	path    string
	ca      []byte
	mutate  callsite.Changes[unstructured.Unstructured]
	metadata
}

// serverService is the Service of a server.
type serverService struct{ namespace, name string }

// NewClusterInterceptor returns a ClusterInterceptor with the given metadata.name, which the
// triggers of all namespaces may use.
//
//	triggers.NewClusterInterceptor("teams").Service("ci", "teams", 8443, "check").CA(pem)
func NewClusterInterceptor(name string) *InterceptorServer {
	return &InterceptorServer{at: callsite.Here(), name: name, kind: "ClusterInterceptor"}
}

// NewInterceptor returns an Interceptor with the given metadata.name, which the triggers of
// its namespace may use.
func NewInterceptor(name string) *InterceptorServer {
	return &InterceptorServer{at: callsite.Here(), name: name, kind: "Interceptor"}
}

// Service sets the Service of the server, the port and the path of the URL. Port 0 means the
// default, 80, or 8443 with a CA.
func (s *InterceptorServer) Service(namespace, name string, port int, path string) *InterceptorServer {
	if s != nil {
		s.service, s.port, s.path = &serverService{namespace, name}, port, path
	}
	return s
}

// URL sets the URL of a server that is not a Service of the cluster.
func (s *InterceptorServer) URL(url string) *InterceptorServer {
	if s != nil {
		s.url = &url
	}
	return s
}

// CA sets the certificate authority of the server as PEM. Requests are then sent with TLS.
func (s *InterceptorServer) CA(pem []byte) *InterceptorServer {
	if s != nil {
		s.ca = append([]byte{}, pem...)
	}
	return s
}

// Label sets a label. With server/type: https, listeners start when the object has a CA,
// which the server may set itself.
func (s *InterceptorServer) Label(key, value string) *InterceptorServer {
	if s != nil {
		s.labels = with(s.labels, key, value)
	}
	return s
}

// Annotate sets an annotation.
func (s *InterceptorServer) Annotate(key, value string) *InterceptorServer {
	if s != nil {
		s.annotations = with(s.annotations, key, value)
	}
	return s
}

// Mutate registers a function that changes the object before it is checked, for fields that
// have no method here. The function may be called more than once, each time with a new
// object.
func (s *InterceptorServer) Mutate(change func(*unstructured.Unstructured)) *InterceptorServer {
	if s != nil {
		s.mutate.Add(callsite.Here(), change)
	}
	return s
}

// interceptorVersion is the only version of both kinds. Their types are not imported: they
// bring the registration of v1alpha1 along.
const interceptorVersion = "triggers.tekton.dev/v1alpha1"

// Objects returns the object. It implements manifest.Source.
func (s *InterceptorServer) Objects() ([]object.Object, error) {
	if s == nil {
		return nil, diag.Findings{{Code: "interceptor-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "ClusterInterceptor"},
			Message: "the interceptor is nil", Help: "create it with NewClusterInterceptor or NewInterceptor"}}
	}
	about := diag.ObjectRef{APIVersion: interceptorVersion, Kind: s.kind, Name: handle.Strip(s.name)}
	client, findings := s.client(about)
	findings = append(findings, named(s.at, about, dnsName, "the name of an interceptor", s.name)...)
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"clientConfig": client}}}
	o.SetAPIVersion(interceptorVersion)
	o.SetKind(s.kind)
	o.SetName(handle.Strip(s.name))
	if !s.metadata.empty() {
		meta := s.meta(s.name)
		o.SetLabels(meta.Labels)
		o.SetAnnotations(meta.Annotations)
	}
	findings = append(findings, s.mutate.Apply(o, about)...)
	out := []object.Object{{Object: o, Locate: new(callsite.Places).Locate(s.at)}}
	if findings.Err() == nil {
		findings = append(findings, handles(out)...)
	}
	return out, findings.Err()
}

// client returns spec.clientConfig.
func (s *InterceptorServer) client(about diag.ObjectRef) (map[string]any, diag.Findings) {
	out := map[string]any{}
	var findings diag.Findings
	fail := func(message, help string) {
		findings = append(findings, finding(s.at, about, "interceptor-invalid", about.Kind+" "+quoted(s.name)+" "+message, help))
	}
	if s.service != nil {
		if s.service.namespace != "" { // or the rules report it
			findings = append(findings, named(s.at, about, dnsLabel, "the namespace of the Service", s.service.namespace)...)
		}
		if s.service.name != "" {
			findings = append(findings, named(s.at, about, service, "the name of the Service", s.service.name)...)
		}
		x := map[string]any{"namespace": s.service.namespace, "name": s.service.name}
		if s.path != "" {
			x["path"] = s.path
		}
		if s.port < 0 || s.port > 65535 {
			fail("has the port "+strconv.Itoa(s.port)+", which is out of range", "pass a port between 1 and 65535, or 0 for the default")
		} else if s.port != 0 {
			x["port"] = int64(s.port)
		}
		out["service"] = x
	}
	if s.url != nil {
		if u, err := url.Parse(*s.url); err != nil || u.Host == "" || !handle.Plain(*s.url) {
			fail("has the URL "+quoted(*s.url)+", which is not valid", `pass a URL such as "https://teams.example.com/check"`)
		}
		out["url"] = handle.Strip(*s.url)
	}
	if len(s.ca) > 0 {
		out["caBundle"] = base64.StdEncoding.EncodeToString(s.ca)
	}
	return out, findings
}
