package yamlwrite

import (
	"reflect"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// fieldOrders lists the fields of structs that are conventionally written in another
// order than that of the upstream struct. Fields that are not listed follow in the
// upstream order.
var fieldOrders = map[reflect.Type][]string{
	reflect.TypeFor[pipelinev1.TaskSpec]():         taskFields,
	reflect.TypeFor[pipelinev1.EmbeddedTask]():     append([]string{"apiVersion", "kind", "metadata", "spec"}, taskFields...),
	reflect.TypeFor[v1beta1.StepActionSpec]():      taskFields,
	reflect.TypeFor[pipelinev1.PipelineSpec]():     {"displayName", "description", "params", "workspaces", "tasks", "finally", "results"},
	reflect.TypeFor[triggersv1beta1.TriggerSpec](): {"name", "serviceAccountName", "interceptors", "bindings", "template"},
	reflect.TypeFor[rbacv1.PolicyRule]():           {"apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs"},
}

// taskFields are the first fields of a task: those that its users need to know.
var taskFields = []string{"displayName", "description", "params", "workspaces", "results", "stepTemplate"}

// sortFields sorts the fields of a type in their conventional order.
func sortFields(t reflect.Type, fields []field) {
	order, ok := fieldOrders[t]
	if !ok {
		return
	}
	rank := func(f field) int {
		if i := slices.Index(order, f.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(fields, func(a, b field) int { return rank(a) - rank(b) })
}
