package infra_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// Packages infra and triggers do not import each other. These tests use both.
var (
	_ infra.Creator     = (*triggers.Listener)(nil)
	_ infra.Selector    = (*triggers.Listener)(nil)
	_ infra.Backend     = (*triggers.Listener)(nil)
	_ triggers.Resource = (*infra.PVC)(nil)
)

// TestRealListener derives the permissions of a listener that creates a PVC for each
// run.
func TestRealListener(t *testing.T) {
	p := builder.NewPipeline("build")
	src, sha := p.Workspace("source"), p.Param("sha")
	builder.Add(p, "deploy", deploy{Namespace: "prod", Rules: []rbacv1.PolicyRule{pods}})
	p.AddInline("use", func(t *builder.Task) {
		t.Workspace("source", src)
		t.Step("use").Image("registry.local/alpine:3").Env("SHA", t.Param("sha", sha)).Script(`printf '%s\n' "$SHA"`)
	})
	push := triggers.GitHubPush().Branches("main")
	name := "source-" + push.SHA
	l := triggers.NewListener("github").Secret("github-webhook", "token")
	l.On("build", push, p.Run("build-", sha.Set(push.SHA), src.PVC(name)).ServiceAccount("build"), infra.NewPVC(name, "1Gi"))

	objects, err := infra.ListenerRBAC(l).Objects()
	require.NoError(t, err)
	var created []string
	for _, o := range objects {
		if role, ok := o.Object.(*rbacv1.Role); ok && role.Name == "el-github" {
			for _, r := range role.Rules {
				if r.Verbs[0] == "create" {
					created = append(created, r.Resources...)
				}
			}
		}
	}
	assert.Equal(t, []string{"persistentvolumeclaims", "pipelineruns"}, created)

	sources, err := l.Objects()
	require.NoError(t, err)
	assert.NotEmpty(t, sources)
	written(t, "testdata/hooks.yaml", infra.NewIngress("hooks", "ci.example.com").Exact("/hooks", l))
}
