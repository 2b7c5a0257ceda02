package rbac

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed subject-missing.md
var subjectMissingText string

var subjectMissing = &rule.Rule{
	Code:     "subject-missing",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     subjectMissingText,
	Kinds:    []string{"RoleBinding", "ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if _, subjects, ok := p.Entry.Binding(); ok && len(subjects) == 0 {
			p.Warning(p.At("subjects"), p.Entry.Ref.Name, p.Entry.Ref.String()+" has no subjects", "list the service accounts under subjects")
		}
	},
}
