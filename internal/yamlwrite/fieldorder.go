package yamlwrite

import (
	"reflect"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// habits are the structs whose fields people write in another order than
// upstream declares them: what goes in, what comes out, then what is done. The
// fields that are not listed follow in upstream's order.
var habits = map[reflect.Type][]string{
	reflect.TypeFor[pipelinev1.TaskSpec]():         signature,
	reflect.TypeFor[pipelinev1.EmbeddedTask]():     append([]string{"apiVersion", "kind", "metadata", "spec"}, signature...),
	reflect.TypeFor[v1beta1.StepActionSpec]():      signature,
	reflect.TypeFor[pipelinev1.PipelineSpec]():     {"displayName", "description", "params", "workspaces", "tasks", "finally", "results"},
	reflect.TypeFor[triggersv1beta1.TriggerSpec](): {"name", "serviceAccountName", "interceptors", "bindings", "template"},
	reflect.TypeFor[rbacv1.PolicyRule]():           {"apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs"},
}

// signature is how people write tasks: what a user of one needs to know stands
// before how it is done.
var signature = []string{"displayName", "description", "params", "workspaces", "results", "stepTemplate"}

// byHabit orders the fields of a type as people write them.
func byHabit(t reflect.Type, fields []field) {
	order, ok := habits[t]
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
