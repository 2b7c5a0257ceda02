package infra_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// written compares the YAML of the sources, in namespace ci, with a golden file,
// validates it with upstream, and checks that it is the same each time.
func written(t *testing.T, file string, sources ...manifest.Source) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, manifest.New(sources...).Namespace("ci").Write(&b))
	golden.YAML(t, file, b.Bytes())
	for range 5 {
		var again bytes.Buffer
		require.NoError(t, manifest.New(sources...).Namespace("ci").Write(&again))
		require.Equal(t, b.String(), again.String())
	}
}

// only returns the single object of a source.
func only[T runtime.Object](t *testing.T, s manifest.Source) T {
	t.Helper()
	objects, err := s.Objects()
	require.NoError(t, err)
	require.Len(t, objects, 1)
	o, ok := objects[0].Object.(T)
	require.True(t, ok, "%T", objects[0].Object)
	return o
}

// deploy is a task that needs permissions.
type deploy struct {
	Namespace builder.String
	Rules     []rbacv1.PolicyRule
}

func (deploy) TaskName() string { return "deploy" }

func (d deploy) Define(t *builder.Task) *builder.PipelineTask {
	t.RequirePermissions(d.Namespace, d.Rules...)
	t.Step("deploy").Image("registry.local/kubectl:1.36").
		Env("NAMESPACE", t.Param("namespace", d.Namespace, builder.Default("ci"))).
		Script(`kubectl --namespace="$NAMESPACE" rollout restart deployments`)
	return t.PipelineTask()
}

func allow(group, resource string, verbs ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs}
}

var (
	deployments = allow("apps", "deployments", "patch", "get")
	pods        = allow("", "pods", "watch", "list", "get")
)

// deployment returns a run of deploy in a namespace.
func deployment(name, account string, namespace builder.String, rules ...rbacv1.PolicyRule) *builder.PipelineRun {
	p := builder.NewPipeline(name)
	builder.Add(p, "deploy", deploy{namespace, rules})
	return p.Run(builder.String(name) + "-").ServiceAccount(account) // want run
}

// listener is a minimal Listener.
type listener struct {
	account string
	runs    []builder.PodStarter
}

func (l *listener) Account() string            { return l.account }
func (l *listener) Runs() []builder.PodStarter { return l.runs }
func (l *listener) Service() (string, int32)   { return "el-github", 8080 }

// creating is a Creator.
type creating struct {
	listener
	creates map[string][]schema.GroupVersionKind
}

func (l *creating) Creates() map[string][]schema.GroupVersionKind { return l.creates }

// selecting is a Selector.
type selecting struct {
	listener
	selects []string
}

func (l *selecting) Selects() []string { return l.selects }

func kinds(kinds ...string) []schema.GroupVersionKind {
	var out []schema.GroupVersionKind
	for _, k := range kinds {
		gv := schema.GroupVersion{Group: "tekton.dev", Version: "v1"}
		switch k {
		case "PersistentVolumeClaim":
			gv = schema.GroupVersion{Version: "v1"}
		case "NetworkPolicy":
			gv = schema.GroupVersion{Group: "networking.k8s.io", Version: "v1"}
		}
		out = append(out, gv.WithKind(k))
	}
	return out
}
