// Package randobject makes random objects for tests.
package randobject

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"time"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Texts are what a writer of YAML has trouble with, and some plain words.
var Texts = []string{
	"", "a", "simple", "registry.local/app", "yes", "1e3", "a\nb\n", "\tx\n ", "$(params.a)", "k: v", "ü🚀", "\u0085", "-",
}

// Objects returns a zero object of each kind that tekwright writes.
func Objects() []runtime.Object {
	return []runtime.Object{
		&pipelinev1.Task{}, &pipelinev1.TaskRun{}, &pipelinev1.Pipeline{}, &pipelinev1.PipelineRun{},
		&pipelinev1beta1.StepAction{}, &pipelinev1beta1.CustomRun{},
		&triggersv1beta1.EventListener{}, &triggersv1beta1.Trigger{}, &triggersv1beta1.TriggerBinding{}, &triggersv1beta1.TriggerTemplate{},
		&corev1.ServiceAccount{}, &corev1.Secret{}, &corev1.ConfigMap{}, &corev1.PersistentVolumeClaim{}, &corev1.Service{},
		&rbacv1.Role{}, &rbacv1.RoleBinding{}, &rbacv1.ClusterRoleBinding{}, &networkingv1.Ingress{}, &networkingv1.NetworkPolicy{},
	}
}

// Object fills an object with random values that survive encoding/json, its
// strings with some of the texts. The same seed gives the same object.
func Object(o runtime.Object, seed uint64, texts []string) {
	v := reflect.ValueOf(o).Elem()
	filler{rand.New(rand.NewPCG(seed, 1)), texts}.fill(v, 9)
	if status := v.FieldByName("Status"); status.IsValid() {
		status.SetZero() // never written
	}
}

type filler struct {
	*rand.Rand
	texts []string
}

func (f filler) text() string { return f.texts[f.IntN(len(f.texts))] }

func (f filler) fill(v reflect.Value, depth int) {
	switch p := v.Addr().Interface().(type) {
	case *pipelinev1.ParamValue:
		*p = []pipelinev1.ParamValue{
			*pipelinev1.NewStructuredValues(f.text()),
			*pipelinev1.NewStructuredValues(f.text(), f.text()),
			*pipelinev1.NewObject(map[string]string{f.text(): f.text()}),
			{Type: pipelinev1.ParamTypeArray, ArrayVal: []string{}},
		}[f.IntN(4)]
		return
	case *pipelinev1beta1.ParamValue:
		*p = *pipelinev1beta1.NewStructuredValues(f.text())
		return
	case *resource.Quantity:
		*p = resource.MustParse([]string{"1", "500m", "2048Mi", "0"}[f.IntN(4)])
		return
	case *metav1.Time:
		*p = metav1.Unix(f.Int64N(1<<31), 0)
		return
	case *metav1.Duration:
		p.Duration = time.Duration(f.IntN(100000)) * time.Second
		return
	case *intstr.IntOrString:
		*p = []intstr.IntOrString{intstr.FromInt32(f.Int32()), intstr.FromString(f.text())}[f.IntN(2)]
		return
	case *corev1.PersistentVolumeClaim:
		f.fill(reflect.ValueOf(&p.ObjectMeta).Elem(), depth)
		f.fill(reflect.ValueOf(&p.Spec).Elem(), depth)
		return
	case json.Unmarshaler:
		for _, try := range []string{`{"a":["x",1,null,{}]}`, `"https://a.b/c"`} {
			if p.UnmarshalJSON([]byte(try)) == nil {
				return
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(f.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.Int32()))
	case reflect.Uint8:
		v.SetUint(uint64(f.IntN(256)))
	case reflect.String:
		v.SetString(f.text())
	case reflect.Pointer:
		if depth > 0 && f.IntN(3) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), depth-1)
		}
	case reflect.Slice:
		if depth > 0 && f.IntN(2) == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1+f.IntN(2), 2))
			for i := range v.Len() {
				f.fill(v.Index(i), depth-1)
			}
		}
	case reflect.Map:
		if depth > 0 && f.IntN(2) == 0 {
			v.Set(reflect.MakeMap(v.Type()))
			key, item := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key, 0)
			f.fill(item, depth-1)
			v.SetMapIndex(key, item)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i), depth)
			}
		}
	}
}
