package infra_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func TestRunRBAC(t *testing.T) {
	p := builder.NewPipeline("release")
	ns := p.Param("namespace", builder.Default("staging"))
	builder.Add(p, "own", deploy{"", []rbacv1.PolicyRule{pods}})
	builder.Add(p, "context", deploy{builder.RunNamespace, []rbacv1.PolicyRule{deployments}})
	builder.Add(p, "given", deploy{ns, []rbacv1.PolicyRule{deployments, pods, deployments}})
	builder.AddFinally(p, "literal", deploy{"prod", []rbacv1.PolicyRule{
		allow("", "pods", "list"), allow("", "services", "list", "get", "watch"), allow("apps", "deployments", "*", "get"),
	}})
	release := p.Run("release-", ns.Set("prod")).ServiceAccount("release")
	stage := p.Run("stage-").ServiceAccount("stage")
	plain := builder.NewPipeline("plain")
	builder.Add(plain, "nothing", deploy{"prod", nil})

	written(t, "testdata/run-rbac.yaml", infra.RunRBAC(release, stage, release, plain.Run("plain-")).
		Secrets("release", "gitlab-auth", "harbor-auth").Secrets("release", "other-auth").
		PullSecrets("stage", "harbor-auth"))
}

// TestHelmRBAC checks that a deployment with Helm in one namespace needs no
// cluster-wide permissions.
func TestHelmRBAC(t *testing.T) {
	p := builder.NewPipeline("deploy")
	builder.Add(p, "deploy", tasks.HelmDeploy{Chart: "oci://registry.local/app", Release: "app", Namespace: "kube-ops",
		Permissions: tasks.HelmRules("deployments", "services", "servicemonitors.monitoring.coreos.com")})
	written(t, "testdata/helm-rbac.yaml", infra.RunRBAC(p.Run("deploy-").ServiceAccount("deploy")))
}

// TestUnsetNamespace checks that a run without the param for the namespace of a permission is
// reported once: it fails for the missing param.
func TestUnsetNamespace(t *testing.T) {
	p := builder.NewPipeline("release").Describe("deploys")
	ns := p.Param("namespace")
	builder.Add(p, "one", deploy{ns, []rbacv1.PolicyRule{pods}})
	builder.Add(p, "two", deploy{ns + "-b", []rbacv1.PolicyRule{pods}})
	codes := func(run *builder.PipelineRun) []string {
		found, _ := errors.AsType[diag.Findings](manifest.New(run, infra.RunRBAC(run)).Build())
		var all []string
		for _, f := range found {
			if f.Severity == diag.Error {
				all = append(all, f.Code)
			}
		}
		return all
	}
	assert.Equal(t, []string{"param-missing"}, codes(p.Run("unset-").ServiceAccount("release")))
	assert.Empty(t, codes(p.Run("set-", ns.Set("prod")).ServiceAccount("release")))
	assert.Equal(t, []string{"namespace-unresolved", "namespace-unresolved", "variable-scope"}, codes(p.Run("event-", ns.Set("$(tt.params.x)")).ServiceAccount("release")))
	assert.Equal(t, []string{"namespace"}, p.Run("unset-").Permissions()[0].Unset)
}

func TestTaskRunRBAC(t *testing.T) {
	objects, err := infra.RunRBAC(builder.RunTask("d-", deploy{"prod", []rbacv1.PolicyRule{pods}}).ServiceAccount("d")).Objects()
	require.NoError(t, err)
	require.Len(t, objects, 3)
	assert.Equal(t, "prod", objects[1].Object.(*rbacv1.Role).Namespace)
}

// TestOverrideRBAC checks that the permissions of a task with its own service account
// are not granted to that of the run.
func TestOverrideRBAC(t *testing.T) {
	p := builder.NewPipeline("p")
	builder.Add(p, "build", deploy{"", nil})
	out := builder.Add(p, "deploy", deploy{"prod", []rbacv1.PolicyRule{pods}})
	quiet := builder.Add(p, "quiet", deploy{"", nil})
	run := p.Run("r-").ServiceAccount("builder").
		TaskRunSpec(out, builder.TaskRunSpec{ServiceAccount: "deployer"}).
		TaskRunSpec(quiet, builder.TaskRunSpec{ServiceAccount: "nobody"})
	objects, err := infra.RunRBAC(run).Objects()
	require.NoError(t, err)
	var got []string
	for _, o := range objects {
		switch x := o.Object.(type) {
		case *corev1.ServiceAccount:
			got = append(got, "account "+x.Name)
		case *rbacv1.RoleBinding:
			got = append(got, x.Namespace+": "+x.RoleRef.Name+" for "+x.Subjects[0].Name)
		}
	}
	assert.Equal(t, []string{"account deployer", "account nobody", "account builder", "prod: deployer-run-prod for deployer"}, got)
}

func TestNoPermissionsNoAccount(t *testing.T) {
	objects, err := infra.RunRBAC(deployment("a", "", "prod"), deployment("b", "default", "prod")).Objects()
	require.NoError(t, err)
	assert.Empty(t, objects)
	objects, err = infra.RunRBAC().Objects()
	require.NoError(t, err)
	assert.Empty(t, objects)
}

// TestRoles checks that permissions in a namespace that is known only at run time are
// compared with the roles of the caller.
func TestRoles(t *testing.T) {
	run := deployment("a", "a", "team-$(context.pipelineRun.name)", deployments, pods)
	for name, roles := range map[string][]*infra.Role{
		"one":      {infra.NewRole("d", "team-a", deployments, pods).Bind("a")},
		"two":      {infra.NewRole("d", "team-a", deployments).Bind("ci/a"), nil, infra.NewRole("p", "team-a", pods).Bind("b", "a")},
		"wildcard": {infra.NewRole("d", "team-a", allow("*", "*", "*")).Bind("a")},
	} {
		t.Run(name, func(t *testing.T) {
			objects, err := infra.RunRBAC(run).Roles(roles...).Objects()
			require.NoError(t, err)
			require.Greater(t, len(objects), 2)
			assert.Equal(t, "team-a", objects[1].Object.(*rbacv1.Role).Namespace)
		})
	}
	named := deployments
	named.ResourceNames = []string{"app"}
	_, err := infra.RunRBAC(run).Roles(infra.NewRole("d", "team-a", named, pods).Bind("a")).Objects()
	assert.ErrorContains(t, err, `needs to patch deployments in namespace "team-$(context.pipelineRun.name)"`)
	_, err = infra.RunRBAC(deployment("a", "a", "$(params.x)", named)).Roles(infra.NewRole("d", "team-a", named).Bind("a")).Objects()
	assert.NoError(t, err)
}

// TestMerge merges the rules of many tasks.
func TestMerge(t *testing.T) {
	some := allow("", "secrets", "get", "update")
	some.ResourceNames = []string{"b", "a", "b"}
	all := allow("batch", "jobs", "*")
	one := allow("batch", "jobs", "get")
	one.ResourceNames = []string{"x"}
	objects, err := infra.RunRBAC(deployment("a", "a", "prod",
		allow("", "secrets", "get"), pods, some, allow("apps", "deployments", "use", "delete", "bind", "get"),
		allow("", "configmaps", "list", "watch", "get"), one, all, allow("batch", "jobs", "get"),
		rbacv1.PolicyRule{APIGroups: []string{"b", "a"}, Resources: []string{"y", "x"}, Verbs: []string{"get"}},
	)).Objects()
	require.NoError(t, err)
	assert.Equal(t, []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"configmaps", "pods"}, Verbs: []string{"get", "list", "watch"}},
		{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}},
		{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: []string{"a", "b"}, Verbs: []string{"update"}},
		{APIGroups: []string{"a"}, Resources: []string{"x", "y"}, Verbs: []string{"get"}},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"get", "delete", "bind", "use"}},
		{APIGroups: []string{"b"}, Resources: []string{"x", "y"}, Verbs: []string{"get"}},
		{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"*"}},
	}, objects[1].Object.(*rbacv1.Role).Rules)
}
