package rbac

import (
	_ "embed"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed role-empty.md
var roleEmptyText string

var roleEmpty = &rule.Rule{
	Code:     "role-empty",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     roleEmptyText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, ok := p.Entry.PolicyRules()
		if o, isCluster := p.Entry.Kube.(*rbacv1.ClusterRole); !ok || len(rules) > 0 || isCluster && o.AggregationRule != nil {
			return
		}
		p.Warning(p.At("rules"), p.Entry.Ref.Name, p.Entry.Ref.String()+" has no rules", "add rules, or remove it")
	},
}
