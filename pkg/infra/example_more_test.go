package infra_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// The External Secrets Operator creates one Secret, another team the other.
func ExampleNewExternalSecret() {
	p := builder.NewPipeline("release")
	src, auth := p.Workspace("source"), p.Workspace("auth")
	builder.Add(p, "clone", tasks.GitClone{URL: "https://git.example.com/app.git", Output: src, BasicAuth: auth})
	run := p.Run("release-", src.VolumeClaimTemplate("1Gi"), auth.Secret("git-auth")).ServiceAccount("release").FSGroup(tasks.Group)
	rbac := infra.RunRBAC(run)
	rbac.ServiceAccount("release").PullSecrets("registry-auth").Automount(false)
	set := manifest.New(run, rbac,
		infra.NewExternalSecret(infra.BasicAuth("git-auth"), "vault").Key("username", "ci/git", "user").Key("password", "ci/git", "password"),
		infra.DockerConfig("registry-auth").OwnedBy("the platform team"))
	fmt.Println(set.Build())
	// Output: <nil>
}

// An HTTPRoute leads events to a listener, whose pods accept nothing else.
func ExampleNewHTTPRoute() {
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("registry.local/alpine:3.20").Requests("10m", "16Mi").SecurityContext(tasks.Unprivileged()).Script("echo hello")
	})
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("hello", triggers.GitHubPush().Branches("main"), p.Run("hello-").ServiceAccount("hello")).Repositories("acme/app")
	set := manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("github-webhook", "token"),
		infra.NewHTTPRoute("hooks", "ci.example.com").Gateway("public", "gateways", "https").Exact("/hooks", listener),
		infra.NewListenerPolicy(listener).From("gateways"),
	).Namespace("ci")
	fmt.Println(set.Build(), len(set.Findings()))
	// Output: <nil> 0
}

// The service account of another pipeline may apply the set and follow its runs, and nothing
// else. It may change only the Deployment of the shop.
func ExampleNewApplyRBAC() {
	p := builder.NewPipeline("restart")
	builder.Add(p, "restart", Restart{Namespace: "shop", Deployment: "shop"})
	run := p.Run("restart-").ServiceAccount("restart")
	set := manifest.New(run, infra.RunRBAC(run).Named("restart", "deployments.apps", "shop")).Namespace("ci")

	admin := manifest.New(infra.NewApplyRBAC("deployer", set).Follow()).Namespace("ci")
	objects, err := admin.Objects()
	for _, o := range objects {
		fmt.Println(o.Ref())
	}
	fmt.Println(err)
	// Output:
	// ServiceAccount "deployer"
	// Role "deployer-apply-ci"
	// Role "deployer-apply-shop"
	// RoleBinding "deployer-apply-ci"
	// RoleBinding "deployer-apply-shop"
	// <nil>
}

// A store of the whole cluster, whose values are read again every quarter of an hour. The
// accounts that look at nodes get a ClusterRole.
func ExampleExternalSecret_ClusterStore() {
	token := infra.NewExternalSecret(infra.NewSecret("slack", "token"), "vault").ClusterStore().
		Key("token", "ci/slack", "token").Refresh("15m")
	nodes := infra.NewClusterRole("look-at-nodes", rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"nodes"}, Verbs: []string{"get", "list"}}).
		Bind("report")
	fmt.Println(manifest.New(token, nodes, infra.NewServiceAccount("report")).Namespace("ci").Build())
	// Output: <nil>
}

// People who approve are users and groups of the cluster.
func ExampleRole_BindGroups() {
	role := infra.NewRole("look", "ci", pods).BindGroups("release-managers").BindUsers("jane@example.com")
	_, err := role.Objects()
	fmt.Println(err)
	// Output: <nil>
}

// A claim that no task changes, whose group is changed only if necessary.
func Example_readOnly() {
	p := builder.NewPipeline("serve")
	models := p.Workspace("models")
	p.AddInline("list", func(t *builder.Task) {
		w := t.Workspace("models", models, builder.ReadOnly())
		t.Step("list").Image("registry.local/alpine:3.20").Script("ls " + w.Path())
	})
	run, err := p.Run("serve-", models.PVC("models").ReadOnly()).
		FSGroup(tasks.Group).FSGroupChangePolicy(corev1.FSGroupChangeOnRootMismatch).PipelineRun()
	fmt.Println(err, run.Spec.Workspaces[0].PersistentVolumeClaim.ReadOnly, *run.Spec.TaskRunTemplate.PodTemplate.SecurityContext.FSGroupChangePolicy)
	// Output: <nil> true OnRootMismatch
}
