package rbac

import (
	_ "embed"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed rbac-secrets.md
var rbacSecretsText string

var rbacSecrets = &rule.Rule{
	Code:     "rbac-secrets",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     rbacSecretsText,
	Kinds:    []string{"ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects, rule.RBAC},
	Run: func(p *rule.Pass) {
		ref, subjects, ok := p.Entry.Binding()
		if !ok || !givesEverywhere(p, subjects) || isWidest(p, ref, subjects) || !concerns(p) {
			return
		}
		e := p.Set.Find("ClusterRole", "", ref.Name, p.Entry)
		if e == nil {
			return // one that comes with Tekton
		}
		role, ok := e.Kube.(*rbacv1.ClusterRole)
		if !ok {
			return
		}
		for i := range role.Rules {
			if r := &role.Rules[i]; readsSecrets(r) {
				p.Warning(p.At("roleRef"), ref.Name, p.Entry.Ref.String()+" lets a service account read the Secrets of every namespace",
					"bind the role only in the namespaces that need it, or set resourceNames", e.At().Index("rules", i).Related(e.Ref.String()+" allows it"))
				return
			}
		}
	},
}

// readsSecrets reports whether a rule allows reading all Secrets. It is false for
// rules with *.
func readsSecrets(r *rbacv1.PolicyRule) bool {
	if slices.Contains(r.Verbs, "*") || slices.Contains(r.APIGroups, "*") || slices.Contains(r.Resources, "*") {
		return false // reported as rbac-wide
	}
	return slices.ContainsFunc([]string{"list", "watch", "get"}, func(verb string) bool {
		return rbac.Covers(r, rbac.Permission{Verb: verb, Resource: "secrets"})
	})
}
