package infra

import (
	"runtime"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ApplyRBAC derives the service account of whoever applies a set and starts its runs, such
// as the pipeline of another repository or a CronJob, with the permissions that this needs
// and no others.
type ApplyRBAC struct {
	at            place
	account       string
	sources       []Source
	prune, follow bool
}

// Source is a source of objects, such as a *manifest.Set.
type Source interface {
	Objects() ([]object.Object, error)
}

// NewApplyRBAC returns the service account with the given name, and a Role in each namespace
// of the objects of the sources. The service account may get, create and patch these objects,
// by their names, and create those without a name, such as runs. This is what tekwright apply,
// package cluster and kubectl apply --server-side need; kubectl apply without this flag also
// needs to create objects of any name.
//
// Kubernetes lets nobody grant what he may not do himself. For the roles and bindings of the
// sources, the service account therefore gets the permissions in these roles.
//
// Somebody else has to create these objects: write them as a set of their own.
//
//	admin := manifest.New(infra.NewApplyRBAC("deployer", set)).Namespace("ci")
func NewApplyRBAC(account string, sources ...Source) *ApplyRBAC {
	return &ApplyRBAC{at: callsite.Here(), account: account, sources: slices.Clone(sources)}
}

// Prune also allows deleting objects of the same kinds, for Prune of package cluster, which
// deletes what the set no longer has.
func (a *ApplyRBAC) Prune() *ApplyRBAC {
	if a != nil {
		a.prune = true
	}
	return a
}

// Follow also allows following the runs in the namespaces in which the sources have runs or
// pipelines, with the logs of their steps.
func (a *ApplyRBAC) Follow() *ApplyRBAC {
	if a != nil {
		a.follow = true
	}
	return a
}

// Objects returns the ServiceAccount, the Roles and RoleBindings and, for objects without a
// namespace, a ClusterRole and its binding. It implements manifest.Source.
func (a *ApplyRBAC) Objects() ([]object.Object, error) {
	if a == nil {
		return absent("ApplyRBAC", "create it with infra.NewApplyRBAC")
	}
	p := &plan{lowering: lower(a.at, corev1.SchemeGroupVersion.WithKind("ServiceAccount"), a.account)}
	if shared(a.account) {
		p.report(a.at, diag.Fields("metadata", "name"), "serviceaccount-missing", a.account, "whoever applies the set has no service account of its own",
			"pass a name: permissions of the default one apply to every pod without a ServiceAccount")
		return finish(nil, p.list)
	}
	if inItself() {
		p.report(a.at, diag.Path{}, "source-recursive", a.account, "the permissions to apply a set are derived from a set that contains them",
			"write them as a set of their own: the service account cannot create its own permissions")
		return finish(nil, p.list)
	}
	p.account(a.account)
	var cluster []rbacv1.PolicyRule
	for _, source := range a.sources {
		if isNil(source) {
			p.report(a.at, diag.Path{}, "source-missing", a.account, "a source is nil", "pass a set, or another source of objects")
			continue
		}
		objects, err := source.Objects()
		if err != nil {
			return nil, err // what is missing in the objects would be missing in the roles
		}
		for _, o := range objects {
			if o.IsNil() || o.Declared != nil {
				continue
			}
			namespace, rules, everywhere := a.rules(o)
			if everywhere {
				cluster = append(cluster, rules...)
				continue
			}
			p.allow(a.account, a.account+"-apply", namespace, rules...)
		}
	}
	if len(cluster) > 0 {
		p.cluster = append(p.cluster, &role{at: a.at, name: a.account + "-apply", cluster: true, rules: append(merge(cluster), urls(cluster)...), accounts: []named{{a.at, a.account}}})
	}
	return p.finish(p.attach(nil, nil, nil))
}

// rules returns what is needed to apply an object, and its namespace.
func (a *ApplyRBAC) rules(o object.Object) (namespace string, rules []rbacv1.PolicyRule, everywhere bool) {
	gvk := o.GetObjectKind().GroupVersionKind()
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	groups, resources := []string{gvk.Group}, []string{plural.Resource}
	allow := func(names []string, verbs ...string) {
		rules = append(rules, rbacv1.PolicyRule{APIGroups: groups, Resources: resources, ResourceNames: names, Verbs: verbs})
	}
	m, ok := o.Object.(metav1.Object)
	if !ok {
		return "", nil, false
	}
	if m.GetName() != "" {
		allow([]string{m.GetName()}, "get", "create", "patch")
	} else {
		allow(nil, "create")
	}
	if a.prune && m.GetName() != "" {
		allow(nil, "list", "delete")
	}
	if a.follow && gvk.Group == pipelineRun.Group && slices.Contains([]string{"Pipeline", "PipelineRun", "TaskRun"}, gvk.Kind) {
		rules = append(rules, watchRuns...)
	}
	return m.GetNamespace(), append(rules, granted(o)...), !kinds.Namespaced(gvk.GroupKind())
}

// watchRuns is what is needed to follow runs.
var watchRuns = []rbacv1.PolicyRule{
	{APIGroups: []string{"tekton.dev"}, Resources: []string{"customruns", "pipelineruns", "taskruns"}, Verbs: []string{"get", "list", "watch"}},
	{APIGroups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get"}},
	{APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"list", "watch"}},
}

// granted returns what the service account must be allowed to do itself, since the object
// grants it to others. A binding to a role that comes with Kubernetes needs the verb bind;
// the permissions of other roles are those of the set.
func granted(o object.Object) []rbacv1.PolicyRule {
	bind := func(ref rbacv1.RoleRef) []rbacv1.PolicyRule {
		if ref.Kind != "ClusterRole" || !rbac.IsBuiltIn(ref.Name) {
			return nil
		}
		return []rbacv1.PolicyRule{{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"clusterroles"}, ResourceNames: []string{ref.Name}, Verbs: []string{"bind"}}}
	}
	switch t := o.Object.(type) {
	case *rbacv1.Role:
		return copyRules(t.Rules)
	case *rbacv1.ClusterRole:
		return copyRules(t.Rules)
	case *rbacv1.RoleBinding:
		return bind(t.RoleRef)
	case *rbacv1.ClusterRoleBinding:
		return bind(t.RoleRef)
	}
	return nil
}

// urls returns the rules for URLs that are not those of resources.
func urls(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	return slices.DeleteFunc(slices.Clone(rules), func(r rbacv1.PolicyRule) bool { return len(r.NonResourceURLs) == 0 })
}

// inItself reports whether the permissions are being derived from themselves: the set from
// which they are derived contains them.
func inItself() bool {
	const most = 4 // sets within sets may each have such permissions
	pcs := make([]uintptr, 4096)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	n := 0
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, ".(*ApplyRBAC).Objects") {
			n++
		}
		if !more {
			return n > most
		}
	}
}
