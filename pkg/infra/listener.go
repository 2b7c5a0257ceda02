package infra

import (
	"maps"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Listener is an EventListener from which [ListenerRBAC] derives permissions, such
// as a *triggers.Listener. It may also implement [Creator] and [Selector].
type Listener interface {
	// Account returns the name of the service account of the listener's pod.
	Account() string
	// Runs returns the runs that its triggers start.
	Runs() []builder.PodStarter
}

// Creator is a Listener whose triggers create objects other than the runs of Runs,
// or use other service accounts.
type Creator interface {
	Listener
	// Creates returns the kinds of all objects that the triggers create, including
	// runs, by the service account that creates them; "" is that of the listener.
	// The listener may impersonate the others.
	Creates() map[string][]schema.GroupVersionKind
}

// Selector is a Listener that also serves Triggers in other namespaces.
type Selector interface {
	Listener
	// Selects returns the other namespaces whose Triggers the listener serves; "*"
	// means all namespaces. It returns nothing if the listener serves only its own
	// Triggers.
	Selects() []string
}

var (
	pipelineRun = schema.GroupVersionKind{Group: "tekton.dev", Version: "v1", Kind: "PipelineRun"}
	taskRun     = schema.GroupVersionKind{Group: "tekton.dev", Version: "v1", Kind: "TaskRun"}
)

// The resources that a listener's pod of Tekton Triggers 0.37 lists and watches. It
// does not start without these permissions, even if there are no such objects. It
// does not read ConfigMaps and Secrets: the interceptors read theirs. It writes
// Events only if the controller runs with -el-events=enable.
var (
	watchedHere = []string{"eventlisteners", "interceptors", "triggerbindings", "triggers", "triggertemplates"}
	watchedAll  = []string{"clusterinterceptors", "clustertriggerbindings"}
)

func watch(resources []string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{"triggers.tekton.dev"}, Resources: resources, Verbs: []string{"get", "list", "watch"}}
}

// create returns rules that allow creating objects of these kinds, and nothing else.
func create(kinds ...schema.GroupVersionKind) []rbacv1.PolicyRule {
	var out []rbacv1.PolicyRule
	for _, k := range kinds {
		plural, _ := meta.UnsafeGuessKindToResource(k)
		out = append(out, rbacv1.PolicyRule{APIGroups: []string{k.Group}, Resources: []string{plural.Resource}, Verbs: []string{"create"}})
	}
	return out
}

// listener adds the permissions of the listener, and of the service accounts of its
// triggers, to the plan.
func (p *plan) listener(l Listener) {
	own := l.Account()
	if !p.ofListener("the listener", own) {
		return
	}
	p.account(own)
	here, everywhere := watchedHere, watchedAll
	namespaces := selected(l)
	if len(namespaces) > 0 { // the pod then watches all namespaces, not only the selected ones
		here, everywhere = nil, append(slices.Clone(everywhere), here...)
	}
	cluster := []rbacv1.PolicyRule{watch(everywhere)}
	if len(here) > 0 {
		p.allow(own, own, "", watch(here))
	}
	for _, n := range namespaces {
		if n == "*" {
			cluster = append(cluster, create(pipelineRun, taskRun)...)
			continue
		}
		p.allow(own, own, n, create(pipelineRun, taskRun)...)
	}
	p.cluster = append(p.cluster, &role{at: p.at, name: own, cluster: true, rules: merge(cluster), accounts: []named{{p.at, own}}})

	var impersonated []string
	created := creates(l)
	for _, account := range slices.Sorted(maps.Keys(created)) {
		for _, k := range created[account] {
			if k.Kind == "" || tekref.Contains(k.Group+k.Kind) {
				p.report(p.at, diag.Path{}, "kind-unknown", k.Kind, "the listener creates an object whose kind depends on the event",
					"write the kind as plain text: the service account needs permission to create it")
			}
		}
		if account == "" || account == own {
			p.allow(own, own, "", create(created[account]...)...)
			continue
		}
		if !p.ofListener("a trigger", account) {
			continue
		}
		p.account(account)
		p.allow(account, account+"-trigger", "", create(created[account]...)...)
		impersonated = append(impersonated, account)
	}
	if len(impersonated) > 0 {
		p.allow(own, own, "", rbacv1.PolicyRule{
			APIGroups: []string{""}, Resources: []string{"serviceaccounts"}, ResourceNames: impersonated, Verbs: []string{"impersonate"},
		})
	}
}

// ofListener reports a service account that a listener or a trigger cannot use, and
// returns whether it is usable.
func (p *plan) ofListener(what, account string) bool {
	if shared(account) {
		p.report(p.at, diag.Path{}, "serviceaccount-missing", account, what+" has no service account of its own",
			"set one with ServiceAccount: permissions of the default one apply to every pod without a ServiceAccount")
		return false
	}
	return p.check(p.at, diag.Fields("metadata", "name"), dnsName, "the service account of "+what, account)
}

// selected returns the namespaces in which a listener selects Triggers.
func selected(l Listener) []string {
	s, ok := l.(Selector)
	if !ok {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(s.Selects())))
}

// creates returns the kinds that the triggers of a listener create, by service
// account.
func creates(l Listener) map[string][]schema.GroupVersionKind {
	if c, ok := l.(Creator); ok {
		return c.Creates()
	}
	var kinds []schema.GroupVersionKind
	for _, r := range l.Runs() {
		switch r.(type) {
		case *builder.PipelineRun:
			kinds = append(kinds, pipelineRun)
		case *builder.TaskRun:
			kinds = append(kinds, taskRun)
		default:
			kinds = append(kinds, pipelineRun, taskRun)
		}
	}
	return map[string][]schema.GroupVersionKind{"": kinds}
}
