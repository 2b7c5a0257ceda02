// Package apply_test shows on a live cluster what Client.Apply does, and what
// its errors say.
package apply_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// scene is a namespace of the test, and a client that works in it.
type scene struct {
	*harness.Cluster
	namespace string
	client    *cluster.Client
}

func newScene(t *testing.T) *scene {
	t.Helper()
	c := harness.Get(t)
	s := &scene{Cluster: c, namespace: c.Namespace(t)}
	s.client = s.as(t, "")
	return s
}

// as is a client for an account of the namespace, "" for the one of the tests.
func (s *scene) as(t *testing.T, account string) *cluster.Client {
	t.Helper()
	config := rest.CopyConfig(s.Config)
	if account != "" {
		config.Impersonate.UserName = s.user(account)
	}
	client, err := cluster.New(config, cluster.Options{Namespace: s.namespace})
	require.NoError(t, err)
	return client
}

func (s *scene) user(account string) string {
	return "system:serviceaccount:" + s.namespace + ":" + account
}

// task is a Task of one step.
func task(name, image string) *pipelinev1.Task {
	return &pipelinev1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       pipelinev1.TaskSpec{Steps: []pipelinev1.Step{{Name: "s", Image: image}}},
	}
}

func configMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Data:       map[string]string{"key": value},
	}
}

// told are the changes in one line each.
func told(changes []cluster.Change) []string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = string(c.Action) + " " + c.Object.Kind + " " + c.Object.Name
	}
	return lines
}

func run(name, image string) *pipelinev1.TaskRun {
	spec := task("", image).Spec
	return &pipelinev1.TaskRun{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "TaskRun"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       pipelinev1.TaskRunSpec{TaskSpec: &spec, Timeout: &metav1.Duration{Duration: time.Hour}},
	}
}

func claim(name string) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
		},
	}
}

func clusterRole(name string) *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRole"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"tekton.dev"}, Resources: []string{"tasks"}, Verbs: []string{"get"}}},
	}
}

// move gives the objects names and namespaces of the test's own.
func (s *scene) move(t *testing.T, objects []runtime.Object) []runtime.Object {
	t.Helper()
	plain := make([]*unstructured.Unstructured, len(objects))
	for i, o := range objects {
		plain[i] = harness.Unstructured(t, o)
	}
	moved := s.Move(t, s.namespace, plain)
	out := make([]runtime.Object, len(moved))
	for i, o := range moved {
		out[i] = o
	}
	return out
}

// patch changes an object as somebody does who edits it by hand.
func (s *scene) patch(t *testing.T, resource, name, patch string) {
	t.Helper()
	kind := schema.GroupVersionResource{Version: "v1", Resource: resource}
	if resource == "tasks" {
		kind.Group = "tekton.dev"
	}
	_, err := s.Objects.Resource(kind).Namespace(s.namespace).Patch(t.Context(), name, types.JSONPatchType, []byte(patch),
		metav1.PatchOptions{FieldManager: "kubectl-edit"})
	require.NoError(t, err)
}
