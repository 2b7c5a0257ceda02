package rbac_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/rbac"
)

func rule(verbs, group, resources string, names ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: strings.Fields(verbs), APIGroups: []string{group}, Resources: strings.Fields(resources), ResourceNames: names}
}

// TestCovers expects what the RBAC authorizer of Kubernetes decides.
func TestCovers(t *testing.T) {
	for _, x := range []struct {
		rule rbacv1.PolicyRule
		want rbac.Permission
		ok   bool
	}{
		{rule("get", "", "pods"), rbac.Permission{Verb: "get", Resource: "pods"}, true},
		{rule("get", "", "pods"), rbac.Permission{Verb: "get", Resource: "pods/log"}, false},
		{rule("get", "", "pods/*"), rbac.Permission{Verb: "get", Resource: "pods/log"}, false},
		{rule("get", "apps", "*/scale"), rbac.Permission{Verb: "get", Group: "apps", Resource: "deployments/scale"}, true},
		{rule("get", "apps", "*/scale"), rbac.Permission{Verb: "get", Group: "apps", Resource: "deployments"}, false},
		{rule("get", "apps", "*/scale"), rbac.Permission{Verb: "get", Group: "apps", Resource: "deployments/status"}, false},
		{rule("get", "apps", "*"), rbac.Permission{Verb: "get", Group: "apps", Resource: "deployments/status"}, true},
		{rule("*", "*", "*"), rbac.Permission{Verb: "create", Group: "tekton.dev", Resource: "taskruns"}, true},
		{rule("get", "", "secrets", "a"), rbac.Permission{Verb: "get", Resource: "secrets", Name: "a"}, true},
		{rule("get", "", "secrets", "a"), rbac.Permission{Verb: "get", Resource: "secrets", Name: "b"}, false},
		{rule("get", "", "secrets", "a"), rbac.Permission{Verb: "get", Resource: "secrets"}, false},
	} {
		assert.Equal(t, x.ok, rbac.Covers(&x.rule, x.want), "%v: %v", x.rule, x.want)
	}
}

func TestUncovered(t *testing.T) {
	have := []rbacv1.PolicyRule{rule("get update", "apps", "*/scale"), rule("get", "", "secrets", "a", "b")}
	_, some := rbac.Uncovered(have, []rbacv1.PolicyRule{rule("update", "apps", "deployments/scale"), rule("get", "", "secrets", "b")})
	assert.False(t, some)
	missing, some := rbac.Uncovered(have, []rbacv1.PolicyRule{rule("update", "apps", "deployments/scale deployments")})
	assert.True(t, some)
	assert.Equal(t, rbac.Permission{Verb: "update", Group: "apps", Resource: "deployments"}, missing)
	_, some = rbac.Uncovered(have, []rbacv1.PolicyRule{rule("get", "", "secrets", "a", "c")})
	assert.True(t, some)
}

func TestStandardRoles(t *testing.T) {
	for _, name := range rbac.StandardRoleNames() {
		rules, ok := rbac.StandardRole(name)
		assert.True(t, ok)
		assert.NotEmpty(t, rules)
		assert.True(t, rbac.IsBuiltIn(name), name)
	}
	for name, builtIn := range map[string]bool{"edit": true, "system:node": true, "tekton-mine": false, "tekton-pipelines-controller": true, "mine": false} {
		assert.Equal(t, builtIn, rbac.IsBuiltIn(name), name)
	}
}
