package tree

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// TestAppendIsTheTree holds what is written directly against the tree.
func TestAppendIsTheTree(t *testing.T) {
	for seed := range uint64(400) {
		f := filler{rand.New(rand.NewPCG(seed, 7))}
		for _, o := range []any{
			new(pipelinev1.Task), new(pipelinev1.Pipeline), new(pipelinev1.PipelineRun), new(pipelinev1.TaskRun),
			new(pipelinev1beta1.StepAction), new(triggersv1beta1.EventListener), new(triggersv1beta1.Trigger),
			new(triggersv1beta1.TriggerTemplate), new(triggersv1beta1.TriggerBinding),
			new(corev1.Secret), new(corev1.ConfigMap), new(corev1.PersistentVolumeClaim), new(corev1.Service),
			new(rbacv1.Role), new(rbacv1.ClusterRoleBinding), new(networkingv1.Ingress),
		} {
			f.fill(reflect.ValueOf(o).Elem(), 9)
			n, err := Of(o)
			require.NoError(t, err)
			got, err := Append(nil, o)
			require.NoError(t, err)
			require.Equal(t, string(n.AppendYAML(nil)), string(got), "%T %d", o, seed)
		}
	}
}
