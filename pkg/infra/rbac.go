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

// RBAC derives service accounts and the minimal permissions that they need. It
// reads the listener and the runs only when Objects is called, so that it may be
// created before they are fully described.
type RBAC struct {
	at          place
	listener    Listener
	derived     bool // from a listener
	runs        []builder.PodStarter
	secrets     []attached
	pullSecrets []attached
	roles       []*Role
	accounts    []*ServiceAccount
	narrowed    []narrowing
}

// attached lists Secrets of a service account.
type attached struct {
	at      place
	account string
	secrets []string
}

// RunRBAC derives the service accounts of runs and their permissions: a
// ServiceAccount for each, and a Role and a RoleBinding in each namespace in which
// its tasks need permissions. Tasks declare these with builder.Task's
// RequirePermissions.
//
//	run := p.Run("release-").ServiceAccount("release")
//	manifest.New(run, infra.RunRBAC(run).Secrets("release", "registry-auth")).Namespace("ci")
func RunRBAC(runs ...builder.PodStarter) *RBAC {
	return &RBAC{at: callsite.Here(), runs: append([]builder.PodStarter(nil), runs...)}
}

// ListenerRBAC derives the service account of a listener, and those of the runs that
// its triggers start, like RunRBAC. A run must not use the service account of the
// listener, since the listener handles requests from outside.
//
// In its own namespace, the listener may watch the objects of Tekton Triggers and
// create what its triggers create. In the whole cluster, it may watch
// ClusterInterceptors and ClusterTriggerBindings, without which it does not start.
// It has no other cluster-wide permissions, unless it selects Triggers in other
// namespaces (see [Selector]). It may impersonate the service accounts of its
// triggers, by name (see [Creator]). It cannot read Secrets or ConfigMaps.
//
// Listeners in different namespaces of a cluster need service accounts with
// different names, since the cluster-wide objects have the same name. If Tekton
// Triggers runs with -el-events=enable, allow the listener to write Events:
//
//	infra.NewRole("listener-events", "", rbacv1.PolicyRule{
//		APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"},
//	}).Bind(listener.Account())
func ListenerRBAC(l Listener) *RBAC {
	return &RBAC{at: callsite.Here(), listener: l, derived: true}
}

// Secrets adds Secrets to a service account, like [ServiceAccount.Secrets].
func (r *RBAC) Secrets(account string, secrets ...string) *RBAC {
	if r != nil {
		r.secrets = append(r.secrets, attached{callsite.Here(), account, slices.Clone(secrets)})
	}
	return r
}

// PullSecrets adds image pull Secrets to a service account, like
// [ServiceAccount.PullSecrets].
func (r *RBAC) PullSecrets(account string, secrets ...string) *RBAC {
	if r != nil {
		r.pullSecrets = append(r.pullSecrets, attached{callsite.Here(), account, slices.Clone(secrets)})
	}
	return r
}

// ServiceAccount returns the description of a service account that is derived, so that it can
// get annotations, labels and other settings. A service account that no run or listener uses
// is an error.
//
//	rbac := infra.RunRBAC(run)
//	rbac.ServiceAccount("release").Annotate("eks.amazonaws.com/role-arn", arn).PullSecrets("registry-auth")
func (r *RBAC) ServiceAccount(name string) *ServiceAccount {
	if r == nil {
		return nil
	}
	for _, s := range r.accounts {
		if s.name == name {
			return s
		}
	}
	s := &ServiceAccount{at: callsite.Here(), name: name}
	r.accounts = append(r.accounts, s)
	return s
}

// Roles adds roles. It is needed for tasks that require permissions in a namespace
// which is known only at run time: the roles bound to the service account must
// grant these permissions.
//
//	infra.RunRBAC(run).Roles(infra.NewRole("deploy", "staging", rules...).Bind("release"))
func (r *RBAC) Roles(roles ...*Role) *RBAC {
	if r != nil {
		r.roles = append(r.roles, roles...)
	}
	return r
}

// Objects returns the ServiceAccounts, Roles, RoleBindings and, for a listener, its
// ClusterRole and ClusterRoleBinding. It implements manifest.Source.
func (r *RBAC) Objects() ([]object.Object, error) {
	if r == nil {
		return absent("RBAC", "create it with infra.RunRBAC or infra.ListenerRBAC")
	}
	p := &plan{lowering: lower(r.at, corev1.SchemeGroupVersion.WithKind("ServiceAccount"), ""), byHand: r.roles}
	runs := r.runs
	if r.derived {
		if isNil(r.listener) {
			p.report(r.at, diag.Path{}, "listener-missing", "", "the listener is nil", "create it with triggers.NewListener")
		} else {
			p.listener(r.listener)
			runs = r.listener.Runs()
		}
	}
	for _, run := range runs {
		p.run(r.listener, run)
	}
	p.narrow(r.narrowed)
	return p.finish(p.attach(r.accounts, r.secrets, r.pullSecrets))
}

// finish returns the planned objects.
func (p *plan) finish(accounts []*ServiceAccount) ([]object.Object, error) {
	var objects []object.Object
	add := func(more []object.Object, findings diag.Findings) {
		objects, p.list = append(objects, more...), append(p.list, findings...)
	}
	for _, s := range accounts {
		add(s.lower())
	}
	for _, role := range p.cluster {
		add(role.lower())
	}
	for _, role := range p.roles {
		role.rules = merge(role.rules)
		add(role.lower())
	}
	for _, role := range p.byHand {
		if role != nil {
			add(role.r.lower())
		}
	}
	return finish(objects, p.list)
}

// plan collects the objects of an RBAC.
type plan struct {
	*lowering
	accounts []string
	roles    []*role
	cluster  []*role
	byHand   []*Role
}

// account adds a ServiceAccount to the plan.
func (p *plan) account(name string) {
	if !slices.Contains(p.accounts, name) {
		p.accounts = append(p.accounts, name)
	}
}

// allow adds permissions of a service account in a namespace to the plan; "" means
// the namespace of the set. The name of the role begins with base. It is different
// in each namespace, since the namespace of the set may be one of them.
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

// attach returns the planned service accounts, as they are described, with their Secrets.
func (p *plan) attach(described []*ServiceAccount, secrets, pullSecrets []attached) []*ServiceAccount {
	all := make([]*ServiceAccount, len(p.accounts))
	for i, name := range p.accounts {
		all[i] = &ServiceAccount{at: p.at, name: name}
	}
	for _, s := range described {
		if i := slices.Index(p.accounts, s.name); i >= 0 {
			own := *s // what is attached does not change the description
			own.secrets, own.pullSecret = slices.Clip(s.secrets), slices.Clip(s.pullSecret)
			all[i] = &own
			continue
		}
		p.unused(s.at, s.name, "service account "+q(s.name)+" is described")
	}
	each := func(list []attached, add func(*ServiceAccount, attached)) {
		for _, x := range list {
			if i := slices.Index(p.accounts, x.account); i >= 0 {
				add(all[i], x)
				continue
			}
			p.unused(x.at, x.account, "Secrets are added to service account "+q(x.account))
		}
	}
	each(secrets, func(s *ServiceAccount, x attached) { s.secrets = appendNames(s.secrets, x.at, x.secrets) })
	each(pullSecrets, func(s *ServiceAccount, x attached) { s.pullSecret = appendNames(s.pullSecret, x.at, x.secrets) })
	return all
}

// unused reports a service account that is not planned.
func (p *plan) unused(at place, account, what string) {
	help := "pass a run or a listener that uses service account " + q(account)
	if len(p.accounts) > 0 {
		help = "use one of " + quoteAll(p.accounts)
	}
	p.report(at, diag.Fields("metadata", "name"), "serviceaccount-unknown", account, what+", which no run or listener passed here uses", help)
}
