package rbac

import (
	_ "embed"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed roleref-invalid.md
var rolerefInvalidText string

var rolerefInvalid = &rule.Rule{
	Code:     "roleref-invalid",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     rolerefInvalidText,
	Kinds:    []string{"RoleBinding", "ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if ref, _, ok := p.Entry.Binding(); ok {
			roleRef(p, ref)
		}
	},
}

// roleRef checks the reference to the role.
func roleRef(p *rule.Pass, ref rbacv1.RoleRef) {
	e, at := p.Entry, p.At("roleRef")
	kinds := []string{"Role", "ClusterRole"}
	if e.Ref.Kind == "ClusterRoleBinding" {
		kinds = kinds[1:]
	}
	if ref.APIGroup != "" && ref.APIGroup != rbacv1.GroupName && !tekref.Contains(ref.APIGroup) {
		p.Error(at.Field("apiGroup"), ref.APIGroup, "roles do not belong to API group "+phrase.Quote(ref.APIGroup), "set apiGroup to "+rbacv1.GroupName)
	}
	switch {
	case ref.Name == "":
		p.Error(at, e.Ref.Name, "the roleRef of "+e.Ref.String()+" has no name", "set roleRef.kind and roleRef.name")
	case tekref.Contains(ref.Kind):
	case ref.Kind == "":
		p.Error(at, ref.Name, "the roleRef of "+e.Ref.String()+" has no kind", "set kind to Role or ClusterRole")
	case ref.Kind == "Role" && len(kinds) == 1:
		p.Error(at.Field("kind"), ref.Kind, "a ClusterRoleBinding cannot bind a Role", "bind a ClusterRole, or use a RoleBinding")
	case ref.Kind != "Role" && ref.Kind != "ClusterRole":
		p.Error(at.Field("kind"), ref.Kind, "the roleRef of "+e.Ref.String()+" has the unknown kind "+phrase.Quote(ref.Kind), phrase.OneOf(ref.Kind, kinds)).Misspelled(ref.Kind, kinds)
	case ref.Kind == "ClusterRole" && rbac.IsBuiltIn(ref.Name):
	case ref.Kind == "Role" && e.BindsClusterRole(ref):
		p.Warning(at.Field("kind"), ref.Name, e.Ref.String()+" binds Role "+phrase.Quote(ref.Name)+", but "+phrase.Quote(ref.Name)+" is a ClusterRole", "set kind to ClusterRole")
	}
}
