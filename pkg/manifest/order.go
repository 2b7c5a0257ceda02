package manifest

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	tekton     = "tekton.dev"
	triggers   = "triggers.tekton.dev"
	rbac       = "rbac.authorization.k8s.io"
	networking = "networking.k8s.io"
)

// order lists the kinds in the order in which a cluster needs them. The empty one
// stands for all other kinds.
var order = []schema.GroupKind{
	{Kind: "Namespace"},
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"},
	{Group: "storage.k8s.io", Kind: "StorageClass"},
	{Kind: "ServiceAccount"},
	{Kind: "Secret"},
	{Group: "external-secrets.io", Kind: "ExternalSecret"},
	{Kind: "ConfigMap"},
	{Kind: "PersistentVolume"},
	{Kind: "PersistentVolumeClaim"},
	{Group: rbac, Kind: "ClusterRole"},
	{Group: rbac, Kind: "Role"},
	{Group: rbac, Kind: "ClusterRoleBinding"},
	{Group: rbac, Kind: "RoleBinding"},
	{Group: tekton, Kind: "StepAction"},
	{Group: tekton, Kind: "Task"},
	{Group: tekton, Kind: "Pipeline"},
	{Group: triggers, Kind: "ClusterInterceptor"},
	{Group: triggers, Kind: "Interceptor"},
	{Group: triggers, Kind: "ClusterTriggerBinding"},
	{Group: triggers, Kind: "TriggerBinding"},
	{Group: triggers, Kind: "TriggerTemplate"},
	{Group: triggers, Kind: "Trigger"},
	{Group: triggers, Kind: "EventListener"},
	{},
	{Group: networking, Kind: "Ingress"},
	{Group: tekton, Kind: "CustomRun"},
	{Group: tekton, Kind: "TaskRun"},
	{Group: tekton, Kind: "PipelineRun"},
}

var ranks = func() map[schema.GroupKind]int {
	m := make(map[schema.GroupKind]int, len(order))
	for i, k := range order {
		m[k] = i
	}
	return m
}()

func rank(k schema.GroupKind) int {
	if r, ok := ranks[k]; ok {
		return r
	}
	return ranks[schema.GroupKind{}]
}

// inOrder sorts the items by kind, and keeps their order within a kind.
func inOrder(items []*item) {
	slices.SortStableFunc(items, func(a, b *item) int { return rank(a.kind) - rank(b.kind) })
}
