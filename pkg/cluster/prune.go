package cluster

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/diag"
)

// prunable lists the kinds that Prune looks for, in the order in which they are
// deleted: an object before those it uses.
var prunable = []schema.GroupVersionKind{
	{Group: "tekton.dev", Version: "v1", Kind: "PipelineRun"},
	{Group: "tekton.dev", Version: "v1", Kind: "TaskRun"},
	{Group: "tekton.dev", Version: "v1beta1", Kind: "CustomRun"},
	{Group: "networking.k8s.io", Version: "v1", Kind: "Ingress"},
	{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy"},
	{Group: "batch", Version: "v1", Kind: "CronJob"},
	{Group: "batch", Version: "v1", Kind: "Job"},
	{Group: "apps", Version: "v1", Kind: "Deployment"},
	{Group: "apps", Version: "v1", Kind: "StatefulSet"},
	{Group: "apps", Version: "v1", Kind: "DaemonSet"},
	{Version: "v1", Kind: "Service"},
	{Version: "v1", Kind: "LimitRange"},
	{Version: "v1", Kind: "ResourceQuota"},
	{Group: "triggers.tekton.dev", Version: "v1beta1", Kind: "EventListener"},
	{Group: "triggers.tekton.dev", Version: "v1beta1", Kind: "Trigger"},
	{Group: "triggers.tekton.dev", Version: "v1beta1", Kind: "TriggerTemplate"},
	{Group: "triggers.tekton.dev", Version: "v1beta1", Kind: "TriggerBinding"},
	{Group: "triggers.tekton.dev", Version: "v1beta1", Kind: "ClusterTriggerBinding"},
	{Group: "triggers.tekton.dev", Version: "v1alpha1", Kind: "Interceptor"},
	{Group: "triggers.tekton.dev", Version: "v1alpha1", Kind: "ClusterInterceptor"},
	{Group: "tekton.dev", Version: "v1", Kind: "Pipeline"},
	{Group: "tekton.dev", Version: "v1", Kind: "Task"},
	{Group: "tekton.dev", Version: "v1beta1", Kind: "StepAction"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "RoleBinding"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRoleBinding"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "Role"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRole"},
	{Version: "v1", Kind: "PersistentVolumeClaim"},
	{Version: "v1", Kind: "ConfigMap"},
	{Version: "v1", Kind: "Secret"},
	{Version: "v1", Kind: "ServiceAccount"},
}

// never maps kinds that are not deleted to the reason.
var never = map[schema.GroupKind]string{
	{Kind: "Namespace"}:                                               "deleting a namespace deletes everything in it; delete it by hand",
	{Kind: "PersistentVolume"}:                                        "a volume holds data; delete it by hand",
	{Kind: "PersistentVolumeClaim"}:                                   "a PersistentVolumeClaim holds data; delete it by hand",
	{Kind: "Secret"}:                                                  "the values of a Secret are not in the set; delete it by hand",
	{Group: "tekton.dev", Kind: "TaskRun"}:                            runsAreKept,
	{Group: "tekton.dev", Kind: "PipelineRun"}:                        runsAreKept,
	{Group: "tekton.dev", Kind: "CustomRun"}:                          runsAreKept,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: "deleting a CustomResourceDefinition deletes all its objects; delete it by hand",
}

const runsAreKept = "a run is a record of what happened; delete it by hand"

// isRun reports whether objects of the kind are runs.
func isRun(kind schema.GroupKind) bool { return never[kind] == runsAreKept }

// prune deletes the objects that are no longer in the source.
func (a *applier) prune(ctx context.Context, targets []*target) {
	found, ok := a.left(ctx, targets)
	if !ok {
		return // delete nothing unless everything could be listed
	}
	for _, f := range found {
		change := Change{Object: refOf(f.live), Action: Pruned, DryRun: a.o.DryRun}
		if why := never[f.live.GroupVersionKind().GroupKind()]; why != "" {
			change.Action, change.Reason = Kept, why
		} else if err := a.remove(ctx, f); err != nil {
			a.errs = append(a.errs, err)
			if wide(err) {
				return
			}
			continue
		}
		a.done(change)
	}
}

// leftover is an object of the set that is no longer in the source.
type leftover struct {
	live    *unstructured.Unstructured
	mapping *meta.RESTMapping
}

// left finds the objects that are no longer in the source, in the order in
// which to delete them.
func (a *applier) left(ctx context.Context, targets []*target) ([]leftover, bool) {
	present := map[diag.ObjectRef]bool{} // without the version: an object may be served in several
	own := map[schema.GroupKind]bool{}
	kinds := slices.Clone(prunable)
	for _, t := range slices.Backward(targets) {
		kind := t.body.GroupVersionKind()
		present[unversioned(t.ref())] = true
		own[kind.GroupKind()] = true
		if t.mapping != nil && !slices.ContainsFunc(kinds, func(k schema.GroupVersionKind) bool { return k.GroupKind() == kind.GroupKind() }) {
			kinds = append([]schema.GroupVersionKind{kind}, kinds...)
		}
	}
	namespaces := a.namespaces(targets)
	for _, ns := range a.o.Namespaces {
		if !slices.Contains(namespaces, ns) {
			namespaces = append(namespaces, ns)
		}
	}
	slices.Sort(namespaces)
	var found []leftover
	ok := true
	for _, kind := range kinds {
		mapping, err := a.served.mapping(ctx, kind, false)
		if meta.IsNoMatchError(err) {
			continue
		}
		if err != nil {
			a.errs = append(a.errs, a.explain(err, request{object: diag.ObjectRef{Kind: kind.Kind}}))
			return nil, false
		}
		root := mapping.Scope.Name() == meta.RESTScopeNameRoot
		where := namespaces
		if root {
			where = []string{""}
		}
		for _, ns := range where {
			if a.missing[ns] {
				continue
			}
			live, err := a.list(ctx, mapping, ns)
			if apierrors.IsForbidden(err) && (!own[kind.GroupKind()] || never[kind.GroupKind()] != "") {
				continue // it is unlikely to have created objects that it may not list, or they are never deleted
			}
			if err != nil {
				a.errs = append(a.errs, err)
				if ok = false; wide(err) {
					return nil, false
				}
				continue
			}
			for i := range live {
				u := &live[i]
				if present[unversioned(refOf(u))] || !a.applied(u) || u.GetDeletionTimestamp() != nil ||
					root && !slices.Contains(namespaces, u.GetLabels()[SetNamespaceLabel]) {
					continue
				}
				found = append(found, leftover{u, mapping})
			}
		}
	}
	return found, ok
}

// unversioned returns the identity of an object regardless of its API version.
func unversioned(r diag.ObjectRef) diag.ObjectRef {
	group, _, ok := strings.Cut(r.APIVersion, "/")
	if !ok {
		group = ""
	}
	r.APIVersion = group
	return r
}

// list returns the objects of the set of one kind, by name.
func (a *applier) list(ctx context.Context, mapping *meta.RESTMapping, namespace string) ([]unstructured.Unstructured, error) {
	var items []unstructured.Unstructured
	err := a.retry(ctx, func(ctx context.Context) error {
		items = nil
		options := metav1.ListOptions{LabelSelector: SetLabel + "=" + a.o.Set, Limit: 500}
		for {
			list, err := a.resource(mapping, namespace).List(ctx, options)
			if err != nil {
				return err
			}
			items = append(items, list.Items...)
			if options.Continue = list.GetContinue(); options.Continue == "" {
				return nil
			}
		}
	})
	slices.SortFunc(items, func(x, y unstructured.Unstructured) int { return strings.Compare(x.GetName(), y.GetName()) })
	return items, a.explain(err, request{
		object:   diag.ObjectRef{Kind: mapping.GroupVersionKind.Kind, Namespace: namespace, Name: "*"},
		resource: mapping.Resource.GroupResource(), verbs: []string{"list", "delete"},
	})
}

// remove deletes an object if it has not changed since it was found.
func (a *applier) remove(ctx context.Context, f leftover) error {
	uid, version := f.live.GetUID(), f.live.GetResourceVersion()
	background := metav1.DeletePropagationBackground
	options := metav1.DeleteOptions{
		Preconditions:     &metav1.Preconditions{UID: &uid, ResourceVersion: &version},
		PropagationPolicy: &background,
	}
	if a.o.DryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	objects := a.resource(f.mapping, f.live.GetNamespace())
	err := a.retry(ctx, func(ctx context.Context) error {
		err := objects.Delete(ctx, f.live.GetName(), options)
		if !apierrors.IsConflict(err) {
			return err
		}
		// A controller wrote to it in between: a ServiceAccount gets its
		// tokens, an EventListener its status. Check again whether it still
		// belongs to the set.
		now, gone := objects.Get(ctx, f.live.GetName(), metav1.GetOptions{})
		if gone != nil {
			return gone
		}
		if now.GetUID() != uid || now.GetLabels()[SetLabel] != a.o.Set || !a.applied(now) {
			return nil
		}
		version = now.GetResourceVersion()
		return err
	})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return a.explain(err, requestFor(f.live, nil, f.mapping.Resource.GroupResource(), "list", "get", "delete"))
}

// applied reports whether this field manager put the object into its set.
// Labels alone do not show it: Tekton propagates them, and people copy them.
func (c *Client) applied(u *unstructured.Unstructured) bool {
	var fields struct {
		Metadata struct {
			Labels map[string]json.RawMessage `json:"f:labels"`
		} `json:"f:metadata"`
	}
	return json.Unmarshal(owned(u, c.options.FieldManager), &fields) == nil && fields.Metadata.Labels["f:"+SetLabel] != nil
}
