package infra

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// RBAC derives service accounts and the least rights that they need. It looks
// at the listener and the runs when its objects are asked for, not before: it
// may stand before what it is derived from is complete.
type RBAC struct {
	at          place
	listener    Listener
	derived     bool // from a listener
	runs        []builder.PodStarter
	secrets     []attached
	pullSecrets []attached
	roles       []*Role
}

// attached are Secrets of an account.
type attached struct {
	at      place
	account string
	secrets []string
}

// RunRBAC derives the accounts of runs: a ServiceAccount for each, and a Role
// and RoleBinding in each namespace that its tasks need rights in. Tasks declare
// those with Task.RequirePermissions.
//
//	run := p.Run("release-").ServiceAccount("release")
//	manifest.New(run, infra.RunRBAC(run).Secrets("release", "registry-auth")).Namespace("ci")
func RunRBAC(runs ...builder.PodStarter) *RBAC {
	return &RBAC{at: callsite.Here(), runs: append([]builder.PodStarter(nil), runs...)}
}

// ListenerRBAC derives the account of a listener, and the accounts of the runs
// that its triggers start, as RunRBAC does. The two must not be the same:
// requests from outside reach the listener.
//
// The listener may watch what it serves and create what its triggers create, in
// its own namespace. In the whole cluster it may watch ClusterInterceptors and
// ClusterTriggerBindings, without which it does not start, and nothing else,
// unless it finds Triggers in other namespaces (see [Selector]). It may
// impersonate the accounts of triggers that have their own, by name (see
// [Creator]). It reads neither Secrets nor ConfigMaps. Listeners in different
// namespaces of one cluster need accounts with different names, after which what
// is cluster-wide is called. Where Tekton Triggers runs with -el-events=enable,
// allow the listener to write Events:
//
//	infra.NewRole("listener-events", "", rbacv1.PolicyRule{
//		APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"},
//	}).Bind(listener.Account())
func ListenerRBAC(l Listener) *RBAC {
	return &RBAC{at: callsite.Here(), listener: l, derived: true}
}

// Secrets lists Secrets in an account, as ServiceAccount.Secrets does.
func (a *RBAC) Secrets(account string, secrets ...string) *RBAC {
	if a != nil {
		a.secrets = append(a.secrets, attached{callsite.Here(), account, slices.Clone(secrets)})
	}
	return a
}

// PullSecrets lists Secrets in an account, as ServiceAccount.PullSecrets does.
func (a *RBAC) PullSecrets(account string, secrets ...string) *RBAC {
	if a != nil {
		a.pullSecrets = append(a.pullSecrets, attached{callsite.Here(), account, slices.Clone(secrets)})
	}
	return a
}

// Roles adds roles made by hand. It is for accounts whose tasks need rights in
// a namespace that only a run knows: one of the roles bound to the account must
// allow what the tasks need.
//
//	infra.RunRBAC(run).Roles(infra.NewRole("deploy", "staging", rules...).Bind("release"))
func (a *RBAC) Roles(roles ...*Role) *RBAC {
	if a != nil {
		a.roles = append(a.roles, roles...)
	}
	return a
}

// Objects is the ServiceAccounts, Roles, RoleBindings and, for a listener, its
// ClusterRole and ClusterRoleBinding. The error, and the objects beside one,
// are as in manifest.Source.
func (a *RBAC) Objects() ([]object.Object, error) {
	if a == nil {
		return absent("Access", "make it with infra.RunRBAC or infra.ListenerRBAC")
	}
	p := &plan{lowering: lower(a.at, corev1.SchemeGroupVersion.WithKind("ServiceAccount"), ""), byHand: a.roles}
	runs := a.runs
	if a.derived {
		if isNil(a.listener) {
			p.report(a.at, diag.Path{}, "listener-missing", "", "the listener is nil", "make it with triggers.NewListener")
			return finish(nil, p.list)
		}
		p.listener(a.listener)
		runs = a.listener.Runs()
	}
	for _, r := range runs {
		p.run(a.listener, r)
	}
	accounts := p.attach(a.secrets, a.pullSecrets)
	var objects []object.Object
	add := func(more []object.Object, findings diag.Findings) {
		objects, p.list = append(objects, more...), append(p.list, findings...)
	}
	for _, s := range accounts {
		add(s.lower())
	}
	for _, r := range p.cluster {
		add(r.lower())
	}
	for _, r := range p.roles {
		r.rules = merge(r.rules)
		add(r.lower())
	}
	for _, r := range a.roles {
		if r != nil {
			add(r.r.lower())
		}
	}
	return finish(objects, p.list)
}

// plan is what an Access comes down to.
type plan struct {
	*lowering
	accounts []string
	roles    []*role
	cluster  []*role
	byHand   []*Role
}

// account plans a ServiceAccount.
func (p *plan) account(name string) {
	if !slices.Contains(p.accounts, name) {
		p.accounts = append(p.accounts, name)
	}
}

// allow plans rights of an account in a namespace, "" for that of the set. The
// name of the role is made of base; it is another one in each namespace, since
// the namespace of the set may be one of them.
func (p *plan) allow(account, base, namespace string, rules ...rbacv1.PolicyRule) {
	if len(rules) == 0 {
		return
	}
	name := base
	if namespace != "" {
		name += "-" + namespace
	}
	i := slices.IndexFunc(p.roles, func(r *role) bool { return r.name == name && r.namespace == namespace })
	if i < 0 {
		i = len(p.roles)
		p.roles = append(p.roles, &role{at: p.at, name: name, namespace: namespace, accounts: []named{{p.at, account}}})
	}
	p.roles[i].rules = append(p.roles[i].rules, copyRules(rules)...)
}

// attach makes the planned accounts, with their Secrets.
func (p *plan) attach(secrets, pullSecrets []attached) []*ServiceAccount {
	all := make([]*ServiceAccount, len(p.accounts))
	for i, name := range p.accounts {
		all[i] = &ServiceAccount{at: p.at, name: name}
	}
	each := func(list []attached, add func(*ServiceAccount, attached)) {
		for _, x := range list {
			if i := slices.Index(p.accounts, x.account); i >= 0 {
				add(all[i], x)
				continue
			}
			help := "no run and no listener of this access has an account"
			if len(p.accounts) > 0 {
				help = "the accounts are " + quoteAll(p.accounts)
			}
			p.report(x.at, diag.Fields("metadata", "name"), "serviceaccount-unknown", x.account, "Secrets are given to account "+q(x.account)+", which is none of this access", help)
		}
	}
	each(secrets, func(s *ServiceAccount, x attached) { s.secrets = appendNames(s.secrets, x.at, x.secrets) })
	each(pullSecrets, func(s *ServiceAccount, x attached) { s.pullSecret = appendNames(s.pullSecret, x.at, x.secrets) })
	return all
}
