package rbac

import (
	_ "embed"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed subject-invalid.md
var subjectInvalidText string

var subjectInvalid = &rule.Rule{
	Code:     "subject-invalid",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     subjectInvalidText,
	Kinds:    []string{"RoleBinding", "ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		_, subjects, ok := p.Entry.Binding()
		if !ok {
			return
		}
		for i := range subjects {
			subject(p, p.At().Index("subjects", i), &subjects[i])
		}
	},
}

func subject(p *rule.Pass, s facts.Spot, o *rbacv1.Subject) {
	if o.Name == "" {
		p.Error(s, "", "a subject of "+p.Entry.Ref.String()+" has no name", "set its name")
	}
	group := rbacv1.GroupName
	switch o.Kind {
	case rbacv1.ServiceAccountKind:
		group = ""
	case rbacv1.UserKind, rbacv1.GroupKind:
	case "":
		p.Error(s, o.Name, "subject "+phrase.Quote(o.Name)+" of "+p.Entry.Ref.String()+" has no kind", "set its kind to ServiceAccount, User or Group")
		return
	default:
		if !tekref.Contains(o.Kind) {
			p.Error(s.Field("kind"), o.Kind, "a subject of "+p.Entry.Ref.String()+" has the unknown kind "+phrase.Quote(o.Kind), phrase.OneOf(o.Kind, []string{"ServiceAccount", "User", "Group"})).Misspelled(o.Kind, []string{"ServiceAccount", "User", "Group"})
		}
		return
	}
	if o.APIGroup == "" || o.APIGroup == group || tekref.Contains(o.APIGroup) {
		return
	}
	help := "set apiGroup to " + rbacv1.GroupName
	if group == "" {
		help = "remove apiGroup"
	}
	p.Error(s.Field("apiGroup"), o.APIGroup, "a subject of kind "+o.Kind+" does not belong to API group "+phrase.Quote(o.APIGroup), help)
}
