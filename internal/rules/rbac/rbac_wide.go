package rbac

import (
	_ "embed"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed rbac-wide.md
var rbacWideText string

var rbacWide = &rule.Rule{
	Code:     "rbac-wide",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     rbacWideText,
	Kinds:    []string{"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"},
	Needs:    []rule.Fact{rule.Objects, rule.RBAC},
	Run: func(p *rule.Pass) {
		if !concerns(p) {
			return
		}
		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			if r := &rules[i]; len(r.NonResourceURLs) == 0 {
				wideRule(p, p.At().Index("rules", i), r)
			}
		}
		if ref, subjects, ok := p.Entry.Binding(); ok {
			wideBinding(p, ref, subjects)
		}
	},
}

// wideRule reports a rule that allows more than a build needs.
func wideRule(p *rule.Pass, s facts.Spot, r *rbacv1.PolicyRule) {
	wide := ""
	for _, list := range [...]struct {
		joint, name string
		items       []string
	}{{"", "all verbs", r.Verbs}, {" on ", "all resources", r.Resources}, {" in ", "all API groups", r.APIGroups}} {
		if slices.Contains(list.items, "*") {
			if wide != "" {
				wide += list.joint
			}
			wide += list.name
		}
	}
	name := p.Entry.Ref.Name
	switch {
	case wide != "":
		p.Warning(s, name, "a rule of "+p.Entry.Ref.String()+" allows "+wide, "list only the API groups, resources and verbs that are needed")
	case slices.Contains(r.Verbs, "escalate") || slices.Contains(r.Verbs, "bind") && len(r.ResourceNames) == 0:
		p.Warning(s.Field("verbs"), name, p.Entry.Ref.String()+" lets its subjects grant themselves any permission, by escalate or bind", "remove these verbs, or allow bind only with resourceNames")
	}
}

// wideBinding reports a binding that grants more than a build needs.
func wideBinding(p *rule.Pass, ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
	for i, sub := range subjects {
		if sub.Kind != rbacv1.GroupKind {
			continue
		}
		switch sub.Name {
		case "system:authenticated", "system:unauthenticated", "system:serviceaccounts":
			p.Warning(p.At().Index("subjects", i), sub.Name, p.Entry.Ref.String()+" grants its role to everyone in group "+phrase.Quote(sub.Name), "list only the service accounts that need the role under subjects")
		}
	}
	if isWidest(p, ref, subjects) {
		p.Warning(p.At("roleRef"), ref.Name, p.Entry.Ref.String()+" grants a service account "+phrase.Quote(ref.Name)+" in every namespace",
			"use a RoleBinding in each namespace that needs it")
	}
}

// isWidest reports whether a ClusterRoleBinding grants cluster-admin, admin or edit to
// a service account.
func isWidest(p *rule.Pass, ref rbacv1.RoleRef, subjects []rbacv1.Subject) bool {
	return givesEverywhere(p, subjects) && (ref.Name == "cluster-admin" || ref.Name == "admin" || ref.Name == "edit")
}

// givesEverywhere reports whether a binding grants its role to a service account in
// every namespace.
func givesEverywhere(p *rule.Pass, subjects []rbacv1.Subject) bool {
	return p.Entry.Ref.Kind == "ClusterRoleBinding" && slices.ContainsFunc(subjects, func(x rbacv1.Subject) bool { return x.Kind == rbacv1.ServiceAccountKind })
}
