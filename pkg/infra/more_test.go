package infra_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// release returns a run that reads a Secret.
func release(secret string) *builder.PipelineRun {
	p := builder.NewPipeline("release")
	auth := p.Workspace("auth")
	p.AddInline("push", func(t *builder.Task) {
		w := t.Workspace("auth", auth)
		t.Step("push").Image("registry.local/alpine:3").Requests("10m", "16Mi").Script("cat " + w.Path() + "/config.json")
	})
	return p.Run("release-", auth.Secret(builder.String(secret))).ServiceAccount("release")
}

func TestExternal(t *testing.T) {
	writtenLoose(t, "testdata/external.yaml",
		release("registry-auth"), infra.NewServiceAccount("release"),
		infra.NewExternalSecret(infra.DockerConfig("registry-auth").Label("team", "shop"), "vault").ClusterStore().Refresh("15m").
			Key(".dockerconfigjson", "ci/registry", "config"),
		infra.NewExternalSecret(infra.BasicAuth("git-auth", "https://git.example.com"), "vault").
			Key("username", "ci/git", "user").Key("password", "ci/git", "").Label("team", "shop").Annotate("example.com/a", "b"),
		infra.NewSecret("hook", "token").OwnedBy("the platform team"),
		infra.NewSecret("own", "token"),
	)
	// The Secrets are declared with their keys, and WriteSecrets skips them.
	set := manifest.New(infra.NewSecret("hook", "token").OwnedBy("the platform team"),
		infra.NewExternalSecret(infra.NewSecret("a", "b"), "vault").Key("b", "x", ""))
	var b bytes.Buffer
	require.NoError(t, set.WriteSecrets(&b, manifest.SecretValues{Env: os.LookupEnv}))
	assert.Empty(t, b.String())
	objects, err := set.Objects()
	require.NoError(t, err)
	require.Len(t, objects, 3)
	s, ok := objects[0].Object.(*corev1.Secret)
	require.True(t, ok)
	assert.Contains(t, s.Data, "token")
	assert.Equal(t, "the platform team", objects[0].Declared.Owner)
	assert.Equal(t, `ExternalSecret "a"`, objects[1].Declared.Owner)
}

func TestHTTPRoute(t *testing.T) {
	l := &movable{name: "el-github", port: 8080}
	writtenLoose(t, "testdata/httproute.yaml",
		infra.NewHTTPRoute("hooks", "ci.example.com").Gateway("public", "gateways", "https").Exact("/hooks", l).Path("/web", web).
			Label("team", "shop").Annotate("example.com/a", "b"),
		infra.NewHTTPRoute("dashboard", "").Gateway("public", "", "").Path("/", infra.Dashboard()).
			Mutate(func(u *unstructured.Unstructured) {
				_ = unstructured.SetNestedField(u.Object, "core", "metadata", "labels", "tier")
			}),
	)
}

func TestListenerPolicy(t *testing.T) {
	l := &movable{name: "el-github", port: 80}
	written(t, "testdata/networkpolicy.yaml", infra.NewListenerPolicy(l).From("ingress-nginx", "gateways").Label("team", "shop").Annotate("example.com/a", "b"))
	o := only[*networkingv1.NetworkPolicy](t, infra.NewListenerPolicy(l).Mutate(func(n *networkingv1.NetworkPolicy) {
		n.Spec.Ingress[0].From = []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "192.0.2.0/24"}}}
	}))
	assert.Equal(t, "el-github", o.Name)
	assert.Equal(t, "192.0.2.0/24", o.Spec.Ingress[0].From[0].IPBlock.CIDR)
	o = only[*networkingv1.NetworkPolicy](t, infra.NewListenerPolicy(l))
	assert.Empty(t, o.Spec.Ingress[0].From, "from everywhere")
}

func TestPeople(t *testing.T) {
	written(t, "testdata/people.yaml",
		infra.NewRole("approve", "", pods).Bind("bot").BindUsers("jane@example.com").BindGroups("release-managers"),
		infra.NewClusterRole("look", pods).BindGroups("developers").BindUsers("joe"))
}

func TestAccounts(t *testing.T) {
	run := deployment("release", "release", "prod", deployments)
	rbac := infra.RunRBAC(run).Secrets("release", "git-auth")
	rbac.ServiceAccount("release").Annotate("eks.amazonaws.com/role-arn", "arn:aws:iam::111122223333:role/release").
		PullSecrets("registry-auth").Automount(true)
	first := rbac.ServiceAccount("release")
	assert.Same(t, first, rbac.ServiceAccount("release"))
	written(t, "testdata/accounts.yaml", rbac,
		infra.NewServiceAccount("quiet").Automount(false).Mutate(func(s *corev1.ServiceAccount) { s.Finalizers = []string{"example.com/keep"} }))
	_, err := rbac.Objects()
	require.NoError(t, err)
	rbac.ServiceAccount("relase")
	_, err = rbac.Objects()
	require.ErrorContains(t, err, `service account "relase" is described, which no run or listener passed here uses`)
}

func TestNamed(t *testing.T) {
	rules := []rbacv1.PolicyRule{
		{APIGroups: []string{"apps", ""}, Resources: []string{"deployments", "statefulsets"}, Verbs: []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}},
		allow("", "pods", "get"),
	}
	run := deployment("release", "release", "prod", rules...)
	written(t, "testdata/named.yaml", infra.RunRBAC(run).Named("release", "deployments.apps", "shop", "worker"))

	// Nothing is allowed that was not allowed before.
	role := func(r *infra.RBAC) []rbacv1.PolicyRule {
		objects, err := r.Objects()
		require.NoError(t, err)
		for _, o := range objects {
			if r, ok := o.Object.(*rbacv1.Role); ok {
				return r.Rules
			}
		}
		return nil
	}
	before, after := role(infra.RunRBAC(run)), role(infra.RunRBAC(run).Named("release", "deployments.apps", "shop"))
	_, more := rbac.Uncovered(before, after)
	assert.False(t, more)
	_, less := rbac.Uncovered(after, before)
	assert.True(t, less)
}

func TestApplyRBAC(t *testing.T) {
	run := release("registry-auth")
	set := manifest.New(run, infra.RunRBAC(run), infra.DockerConfig("registry-auth"),
		infra.NewRole("approve", "prod", deployments).BindGroups("release-managers"),
		infra.NewClusterRole("look", pods, rbacv1.PolicyRule{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}}).Bind("release"),
		manifest.FromObjects(&rbacv1.RoleBinding{
			TypeMeta:   typeMeta("rbac.authorization.k8s.io/v1", "RoleBinding"),
			ObjectMeta: objectMeta("viewers"), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
			Subjects: []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "Group", Name: "developers"}},
		}),
		infra.NewNamespace("prod"),
	).Namespace("ci")
	written(t, "testdata/apply.yaml", infra.NewApplyRBAC("deployer", set))
	written(t, "testdata/apply-follow.yaml", infra.NewApplyRBAC("deployer", set).Prune().Follow())

	// A set that contains the permissions to apply it would never end.
	set.Add(infra.NewApplyRBAC("deployer", set))
	err := set.Build()
	require.ErrorContains(t, err, "derived from a set that contains them")
}

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

func objectMeta(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

// writtenLoose is like written, for kinds that upstream's validation does not know.
func writtenLoose(t *testing.T, file string, sources ...manifest.Source) {
	t.Helper()
	var b, again bytes.Buffer
	require.NoError(t, manifest.New(sources...).Namespace("ci").Write(&b))
	golden.Check(t, file, b.Bytes())
	require.NoError(t, manifest.New(sources...).Namespace("ci").Write(&again))
	require.Equal(t, b.String(), again.String())
}
