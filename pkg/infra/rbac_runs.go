package infra

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// shared reports whether a service account is the default one of the namespace.
func shared(account string) bool { return account == "" || account == "default" }

// run adds the permissions of a run to the plan.
func (p *plan) run(l Listener, r builder.PodStarter) {
	if isNil(r) {
		p.report(p.at, diag.Path{}, "run-invalid", "", "a run is nil", "create it with Run or RunTask")
		return
	}
	var own []builder.Permission
	for _, permission := range r.Permissions() {
		needs := []builder.Permission{permission}
		if len(permission.Rules) == 0 {
			needs = nil
		}
		if permission.Account != "" { // a task with its own service account
			p.permissions(l, r, permission.Account, needs)
			continue
		}
		own = append(own, needs...)
	}
	p.permissions(l, r, r.Account(), own)
}

// permissions adds the permissions that a service account of a run needs to the
// plan.
func (p *plan) permissions(l Listener, r builder.PodStarter, account string, needs []builder.Permission) {
	if shared(account) {
		if len(needs) > 0 {
			p.about(r, "serviceaccount-missing", account, "needs permissions "+whose(needs[0].Namespace)+", but has no service account of its own",
				"set one with ServiceAccount: permissions of the default one apply to every pod without a ServiceAccount")
		}
		return
	}
	if l != nil && l.Account() == account {
		p.about(r, "serviceaccount-shared", account, "uses the service account of the listener, "+q(account),
			"set another one with ServiceAccount, so that the listener does not get the permissions of the run")
		return
	}
	if len(dnsName.Problems(account)) > 0 {
		p.about(r, "name-invalid", handle.Strip(account), "has the service account "+q(handle.Strip(account))+", which is not "+dnsName.Form, dnsName.Help)
		return
	}
	p.account(account)
	for _, permission := range needs {
		if !p.allows(r, permission) {
			continue
		}
		namespace := string(permission.Namespace)
		switch text := handle.Strip(namespace); {
		case own(text):
			p.allow(account, account+"-run", "", permission.Rules...)
		case len(permission.Unset) > 0: // the run fails for another reason
		case handle.HasMark(namespace) || tekref.Contains(text):
			p.unresolved(r, account, text, permission.Rules)
		case len(validation.IsDNS1123Label(text)) > 0:
			p.about(r, "name-invalid", text, "needs permissions in namespace "+q(text)+", which is not "+dnsLabel.Form, dnsLabel.Help)
		default:
			p.allow(account, account+"-run", text, permission.Rules...)
		}
	}
}

// allows reports whether a Role can grant a permission. If not, it adds a finding.
func (p *plan) allows(r builder.PodStarter, permission builder.Permission) bool {
	for _, x := range permission.Rules {
		if message, help := brokenRule(x, false); message != "" {
			p.about(r, "rule-invalid", "", "needs permissions that a Role cannot grant: "+message, help)
			return false
		}
	}
	return true
}

// own reports whether a namespace is that of the run.
func own(namespace string) bool {
	switch namespace {
	case "", tekref.ContextOf("pipelineRun", "namespace").String(), tekref.ContextOf("taskRun", "namespace").String():
		return true
	}
	return false
}

func whose(namespace builder.String) string {
	text := handle.Strip(string(namespace))
	if own(text) {
		return "in its namespace"
	}
	return "in namespace " + q(text)
}

// unresolved compares the permissions needed in a namespace that is known only at
// run time with those of the roles that the caller added.
func (p *plan) unresolved(r builder.PodStarter, account, namespace string, need []rbacv1.PolicyRule) {
	var have []rbacv1.PolicyRule
	for _, role := range p.byHand {
		if role == nil {
			continue
		}
		for _, a := range role.r.accounts {
			if a.name == account || strings.HasSuffix(a.name, "/"+account) {
				have = append(have, role.r.rules...)
			}
		}
	}
	missing, some := rbac.Uncovered(have, need)
	switch {
	case len(have) == 0:
		p.about(r, "namespace-unresolved", namespace, "needs permissions in namespace "+q(namespace)+", which is known only at run time",
			"create a role with infra.NewRole for each possible namespace, bind it to "+q(account)+", and pass it to Roles")
	case some:
		p.about(r, "permissions-missing", namespace, "needs to "+missing.Verb+" "+missing.Resource+" in namespace "+q(namespace)+", but none of the roles passed to Roles allows it",
			"add the rule to the role that is bound to "+q(account))
	}
}

// about reports a finding on a run, at the place of the run if it is known.
func (p *plan) about(r builder.PodStarter, code, subject, message, help string) {
	what := "a run"
	var about diag.ObjectRef
	var at diag.Position
	if o, ok := r.(interface {
		Object() (object.Object, error)
	}); ok {
		if o, _ := o.Object(); !o.IsNil() {
			about, at = o.Ref(), o.At(diag.Path{})
			what = about.String()
		}
	}
	f := p.report(p.at, diag.Path{}, code, subject, what+" "+message, help)
	if about.Kind != "" {
		f.Object, f.Position = about, at
		f.Related = []diag.Related{{Message: "its RBAC objects are derived", Object: p.ref(), Position: p.at.Position()}}
	}
}
