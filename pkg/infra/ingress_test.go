package infra_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
)

func TestIngress(t *testing.T) {
	hooks := infra.NewIngress("hooks", "ci.example.com").Class("nginx").TLS("hooks-tls").
		Exact("/hooks", &listener{}).
		Path("/", infra.Service("landing", 80)).
		Path("/hooks", infra.Service("landing", 81)). // another type of the same path
		Annotate("nginx.ingress.kubernetes.io/ssl-redirect", "true")
	every := infra.NewIngress("every-host", "").Namespace("web").Path("/", infra.Service("landing", 80))
	wild := infra.NewIngress("wild", "*.example.com").Path("/a.b/..c", infra.Service("landing", 80))
	dashboard := infra.NewIngress("dashboard", "tekton.example.com").TLS("tekton-tls").Path("/", infra.Dashboard())
	written(t, "testdata/ingress.yaml", hooks, every, wild, dashboard)
}

// TestIngressLate checks that a backend is read only by Objects.
func TestIngressLate(t *testing.T) {
	b := &movable{}
	i := infra.NewIngress("hooks", "").Exact("/hooks", b)
	b.name, b.port = "el-hooks", 8443
	service := only[*networkingv1.Ingress](t, i).Spec.Rules[0].HTTP.Paths[0].Backend.Service
	assert.Equal(t, "el-hooks", service.Name)
	assert.EqualValues(t, 8443, service.Port.Number)
}

type movable struct {
	name string
	port int32
}

func (m *movable) Service() (string, int32) { return m.name, m.port }

// TestIngressMutate checks that Mutate gets a new Ingress each time.
func TestIngressMutate(t *testing.T) {
	i := infra.NewIngress("hooks", "").Class("nginx").Path("/", infra.Service("a", 80)).Mutate(nil).
		Mutate(func(o *networkingv1.Ingress) {
			*o.Spec.IngressClassName += "-x"
			o.Labels = map[string]string{"a": "b"}
		})
	for range 2 {
		o := only[*networkingv1.Ingress](t, i)
		assert.Equal(t, "nginx-x", *o.Spec.IngressClassName)
		assert.Equal(t, map[string]string{"a": "b"}, o.Labels)
	}
}

// TestBackendNamespaces checks that backends without a namespace are in that of the
// Ingress, if it is set.
func TestBackendNamespaces(t *testing.T) {
	i := infra.NewIngress("d", "").Namespace("tekton-pipelines").
		Path("/docs", infra.Service("docs", 80)).Path("/", infra.Dashboard())
	assert.Equal(t, "tekton-pipelines", only[*networkingv1.Ingress](t, i).Namespace)
}

func TestPlaces(t *testing.T) {
	objects, err := infra.NewIngress("d", "").
		Path("/docs", infra.Service("docs", 80)).
		Path("/", infra.Service("docs", 80)).Objects()
	require.NoError(t, err)
	at := func(text string) int {
		path, err := diag.ParsePath(text)
		require.NoError(t, err)
		return objects[0].At(path).Line
	}
	assert.Equal(t, 66, at("metadata.name"))
	assert.Equal(t, 67, at("spec.rules[0].http.paths[0].backend.service.name"))
	assert.Equal(t, 68, at("spec.rules[0].http.paths[1].path"))
}
