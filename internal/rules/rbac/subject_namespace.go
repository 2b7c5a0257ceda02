package rbac

import (
	_ "embed"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed subject-namespace.md
var subjectNamespaceText string

var subjectNamespace = &rule.Rule{
	Code:     "subject-namespace",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     subjectNamespaceText,
	Kinds:    []string{"RoleBinding", "ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		_, subjects, ok := p.Entry.Binding()
		severity, so := diag.Error, "the API server rejects it"
		if p.Entry.Ref.Kind == "RoleBinding" {
			severity, so = diag.Warning, "namespace "+phrase.Quote(p.Entry.Ref.Namespace)+" is used"
		}
		if !ok || p.Entry.Ref.Kind == "RoleBinding" && p.Entry.Ref.Namespace == "" {
			return
		}
		for i := range subjects {
			if subjects[i].Kind == rbacv1.ServiceAccountKind && subjects[i].Namespace == "" {
				p.Add(p.At().Index("subjects", i), severity, subjects[i].Name,
					"subject "+phrase.Quote(subjects[i].Name)+" of "+p.Entry.Ref.String()+" has no namespace, so "+so, "set its namespace")
			}
		}
	},
}
