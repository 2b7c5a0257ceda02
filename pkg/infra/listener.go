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

// Listener is a listener for events, as far as its rights go. It may also be a
// Creator and a Selector.
type Listener interface {
	// Account is the service account of the listener's own pod.
	Account() string
	// Runs are what its triggers start.
	Runs() []builder.PodStarter
}

// Creator is a Listener that says what its triggers create, for one whose
// triggers create more than the runs of Runs, or have accounts of their own.
type Creator interface {
	Listener
	// Creates returns the kinds that triggers create, runs included, by the
	// account that creates them; "" is the listener's own. The listener may
	// impersonate the others.
	Creates() map[string][]schema.GroupVersionKind
}

// Selector is a Listener that also serves Triggers that it finds in namespaces.
type Selector interface {
	Listener
	// Selects returns the namespaces that it finds Triggers in, "*" for all; none
	// where it serves its own alone.
	Selects() []string
}

var (
	pipelineRun = schema.GroupVersionKind{Group: "tekton.dev", Version: "v1", Kind: "PipelineRun"}
	taskRun     = schema.GroupVersionKind{Group: "tekton.dev", Version: "v1", Kind: "TaskRun"}
)

// The kinds that a listener's pod, of Tekton Triggers 0.37, lists and watches.
// It starts none of its work before it could, whether there are any or not. It
// reads no ConfigMap and no Secret: those of its interceptors are read by these.
// It writes no Event unless the controller runs with -el-events=enable.
var (
	watchedHere = []string{"eventlisteners", "interceptors", "triggerbindings", "triggers", "triggertemplates"}
	watchedAll  = []string{"clusterinterceptors", "clustertriggerbindings"}
)

func watch(resources []string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{"triggers.tekton.dev"}, Resources: resources, Verbs: []string{"get", "list", "watch"}}
}

// create allows to create objects of these kinds, and nothing else with them.
func create(kinds ...schema.GroupVersionKind) []rbacv1.PolicyRule {
	var out []rbacv1.PolicyRule
	for _, k := range kinds {
		plural, _ := meta.UnsafeGuessKindToResource(k)
		out = append(out, rbacv1.PolicyRule{APIGroups: []string{k.Group}, Resources: []string{plural.Resource}, Verbs: []string{"create"}})
	}
	return out
}

// listener plans the rights of the listener, and of the accounts of its
// triggers.
func (p *plan) listener(l Listener) {
	own := l.Account()
	if !p.ofListener("the listener", own) {
		return
	}
	p.account(own)
	here, everywhere := watchedHere, watchedAll
	namespaces := selected(l)
	if len(namespaces) > 0 { // the pod then watches all namespaces, whichever it was told
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
				p.report(p.at, diag.Path{}, "kind-unknown", k.Kind, "the listener creates an object whose kind only the event tells",
					"write the kind out: the account needs a right to create it")
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

// ofListener reports an account that a listener or a trigger cannot have.
func (p *plan) ofListener(what, account string) bool {
	if shared(account) {
		p.report(p.at, diag.Path{}, "serviceaccount-missing", account, what+" has no account of its own",
			"give it one with ServiceAccount: the default one is that of every pod in the namespace")
		return false
	}
	return p.check(p.at, diag.Fields("metadata", "name"), dnsName, "the account of "+what, account)
}

// selected are the namespaces that a listener finds Triggers in.
func selected(l Listener) []string {
	s, ok := l.(Selector)
	if !ok {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(s.Selects())))
}

// creates is what the triggers of a listener create, by account.
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
