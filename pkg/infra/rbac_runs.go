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

// shared tells whether an account is the one that every pod of a namespace has
// which names no other.
func shared(account string) bool { return account == "" || account == "default" }

// run plans the rights of a run.
func (p *plan) run(l Listener, r builder.PodStarter) {
	if isNil(r) {
		p.report(p.at, diag.Path{}, "run-invalid", "", "a run is nil", "make it with Run or RunTask")
		return
	}
	var own []builder.Permission
	for _, right := range r.Permissions() {
		needs := []builder.Permission{right}
		if len(right.Rules) == 0 {
			needs = nil
		}
		if right.Account != "" { // a task with an account of its own
			p.rights(l, r, right.Account, needs)
			continue
		}
		own = append(own, needs...)
	}
	p.rights(l, r, r.Account(), own)
}

// rights plans what an account of a run needs.
func (p *plan) rights(l Listener, r builder.PodStarter, account string, rights []builder.Permission) {
	if shared(account) {
		if len(rights) > 0 {
			p.about(r, "serviceaccount-missing", account, "needs rights "+whose(rights[0].Namespace)+", and has no account of its own",
				"give it one with ServiceAccount: the default one is that of every pod in the namespace")
		}
		return
	}
	if l != nil && l.Account() == account {
		p.about(r, "serviceaccount-shared", account, "has the account of the listener, "+q(account),
			"give the run another one with ServiceAccount: what reaches the listener would have the rights of the run")
		return
	}
	if len(dnsName.Broken(account)) > 0 {
		p.about(r, "name-invalid", handle.Strip(account), "has account "+q(handle.Strip(account))+", which is not "+dnsName.Form, dnsName.Help)
		return
	}
	p.account(account)
	for _, right := range rights {
		if !p.allows(r, right) {
			continue
		}
		namespace := string(right.Namespace)
		switch text := handle.Strip(namespace); {
		case own(text):
			p.allow(account, account+"-run", "", right.Rules...)
		case handle.HasMark(namespace) || tekref.Contains(text):
			p.unresolved(r, account, text, right.Rules)
		case len(validation.IsDNS1123Label(text)) > 0:
			p.about(r, "name-invalid", text, "needs rights in namespace "+q(text)+", which is not "+dnsLabel.Form, dnsLabel.Help)
		default:
			p.allow(account, account+"-run", text, right.Rules...)
		}
	}
}

// allows tells whether a Role can hold a right, and reports it where none can.
func (p *plan) allows(r builder.PodStarter, right builder.Permission) bool {
	for _, x := range right.Rules {
		if message, help := brokenRule(x, false); message != "" {
			p.about(r, "rule-invalid", "", "needs what no Role allows: "+message, help)
			return false
		}
	}
	return true
}

// own tells whether a namespace is that of the run.
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

// unresolved holds rights in a namespace that only a run knows against the roles
// made by hand.
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
		p.about(r, "namespace-unresolved", namespace, "needs rights in namespace "+q(namespace)+", which only a run knows",
			"make an infra.NewRole for each namespace that it may be, bind it to "+q(account)+", and pass it to Roles")
	case some:
		p.about(r, "permissions-missing", namespace, "needs to "+missing.Verb+" "+missing.Resource+" in namespace "+q(namespace)+", and no role that Roles was given allows it",
			"add the rule to the role that is bound to "+q(account))
	}
}

// about reports a finding on a run, at its own place where it knows that.
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
		f.Related = []diag.Related{{Message: "its access is derived", Object: p.ref(), Position: p.at.Position()}}
	}
}
