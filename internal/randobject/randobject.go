// Package randobject generates random objects for tests.
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

// Strings contains plain words, and strings that are difficult to write as YAML.
var Strings = []string{
	"", "a", "simple", "registry.local/app", "yes", "1e3", "a\nb\n", "\tx\n ", "$(params.a)", "k: v", "ü🚀", "\u0085", "-",
}

// Objects returns an empty object of each kind that tekwright writes.
func Objects() []runtime.Object {
	return []runtime.Object{
		&pipelinev1.Task{}, &pipelinev1.TaskRun{}, &pipelinev1.Pipeline{}, &pipelinev1.PipelineRun{},
		&pipelinev1beta1.StepAction{}, &pipelinev1beta1.CustomRun{},
		&triggersv1beta1.EventListener{}, &triggersv1beta1.Trigger{}, &triggersv1beta1.TriggerBinding{}, &triggersv1beta1.TriggerTemplate{},
		&corev1.ServiceAccount{}, &corev1.Secret{}, &corev1.ConfigMap{}, &corev1.PersistentVolumeClaim{}, &corev1.Service{},
		&rbacv1.Role{}, &rbacv1.RoleBinding{}, &rbacv1.ClusterRoleBinding{}, &networkingv1.Ingress{}, &networkingv1.NetworkPolicy{},
	}
}

// Fill sets the fields of o to random values that are equal after encoding and
// decoding as JSON. Strings are chosen from the given ones. The same seed results in
// the same object.
func Fill(o runtime.Object, seed uint64, strings []string) {
	v := reflect.ValueOf(o).Elem()
	filler{rand.New(rand.NewPCG(seed, 1)), strings}.fill(v, 9)
	if status := v.FieldByName("Status"); status.IsValid() {
		status.SetZero() // it is never written
	}
}

type filler struct {
	*rand.Rand
	strings []string
}

func (f filler) randomString() string { return f.strings[f.IntN(len(f.strings))] }

func (f filler) fill(v reflect.Value, depth int) {
	switch p := v.Addr().Interface().(type) {
	case *pipelinev1.ParamValue:
		*p = []pipelinev1.ParamValue{
			*pipelinev1.NewStructuredValues(f.randomString()),
			*pipelinev1.NewStructuredValues(f.randomString(), f.randomString()),
			*pipelinev1.NewObject(map[string]string{f.randomString(): f.randomString()}),
			{Type: pipelinev1.ParamTypeArray, ArrayVal: []string{}},
		}[f.IntN(4)]
		return
	case *pipelinev1beta1.ParamValue:
		*p = *pipelinev1beta1.NewStructuredValues(f.randomString())
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
		*p = []intstr.IntOrString{intstr.FromInt32(f.Int32()), intstr.FromString(f.randomString())}[f.IntN(2)]
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
		v.SetString(f.randomString())
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
