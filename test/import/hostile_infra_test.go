package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/randobject"
)

// TestHostileInfra is TestHostile for objects of Kubernetes: the Go compiles, contains no code
// but that of the importer, and no value of a Secret.
func TestHostileInfra(t *testing.T) {
	c, err := compile.Only(t.Context(), ".", plan.Imports()...)
	require.NoError(t, err)
	objects := map[string]runtime.Object{
		"v1/Namespace": &corev1.Namespace{}, "v1/ServiceAccount": &corev1.ServiceAccount{}, "v1/Secret": &corev1.Secret{},
		"v1/ConfigMap": &corev1.ConfigMap{}, "v1/PersistentVolumeClaim": &corev1.PersistentVolumeClaim{}, "v1/Service": &corev1.Service{},
		"rbac.authorization.k8s.io/v1/Role": &rbacv1.Role{}, "rbac.authorization.k8s.io/v1/ClusterRoleBinding": &rbacv1.ClusterRoleBinding{},
		"networking.k8s.io/v1/Ingress": &networkingv1.Ingress{}, "networking.k8s.io/v1/NetworkPolicy": &networkingv1.NetworkPolicy{},
		"batch/v1/CronJob": &batchv1.CronJob{},
	}
	printed := 0
	for seed := range uint64(40) {
		for id, empty := range objects {
			o := empty.DeepCopyObject()
			randobject.Fill(o, seed, hostile)
			m, ok := o.(metav1.Object)
			require.True(t, ok)
			keep := metav1.ObjectMeta{Name: m.GetName(), Labels: m.GetLabels(), Annotations: m.GetAnnotations()}
			reflect.ValueOf(o).Elem().FieldByName("ObjectMeta").Set(reflect.ValueOf(keep))
			cut := strings.LastIndexByte(id, '/')
			reflect.ValueOf(o).Elem().FieldByName("TypeMeta").Set(reflect.ValueOf(metav1.TypeMeta{APIVersion: id[:cut], Kind: id[cut+1:]}))
			if s, ok := o.(*corev1.Secret); ok {
				for k := range s.Data {
					s.Data[k] = []byte("hidden-value")
				}
				for k := range s.StringData {
					s.StringData[k] = "hidden-value"
				}
			}
			x := importer.NewIndex()
			x.Add(o, "x.yaml")
			r := importer.Import(x, o, "x.yaml")
			if r.Func == nil {
				assert.NotEmpty(t, r.Reason, "%s %d", id, seed)
				continue
			}
			file := plan.Closure(r.Func)
			file.Package = "ci"
			text, embedded, err := file.Print()
			if assert.NoError(t, err, "%s %d", id, seed) && assert.NoError(t, c.Check(t.Context(), map[string][]byte{"ci.go": text}), "%s %d:\n%s", id, seed, text) {
				printed++
				harmless(t, text)
				assert.NotContains(t, string(text), "hidden-value")
			}
			for name := range embedded {
				assert.Regexp(t, `^data/[a-z0-9-]+/[a-z0-9-]+\.[a-z0-9-]+$`, name)
			}
		}
	}
	assert.Greater(t, printed, 200)
}
