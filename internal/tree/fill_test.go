package tree

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	sigsjson "sigs.k8s.io/json"
	sigs "sigs.k8s.io/yaml"
)

// filler fills structs with random values that survive encoding/json.
type filler struct{ *rand.Rand }

var texts = []string{"", "a", "yes", "1e3", "a\nb\n", "\tx\n ", "$(params.a)", "k: v", "ü🚀", "\u0085", "-"}

func (f filler) text() string { return texts[f.IntN(len(texts))] }

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

// FuzzObject writes random upstream objects; read back strictly, they are what
// they were.
func FuzzObject(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, object := range []any{
			&pipelinev1.Task{}, &pipelinev1.TaskRun{}, &pipelinev1.Pipeline{}, &pipelinev1.PipelineRun{},
			&pipelinev1beta1.StepAction{}, &pipelinev1beta1.CustomRun{},
			&triggersv1beta1.EventListener{}, &triggersv1beta1.Trigger{}, &triggersv1beta1.TriggerBinding{},
			&corev1.ServiceAccount{}, &corev1.Secret{}, &corev1.ConfigMap{}, &corev1.PersistentVolumeClaim{}, &corev1.Service{},
			&rbacv1.Role{}, &rbacv1.RoleBinding{}, &networkingv1.Ingress{}, &networkingv1.NetworkPolicy{},
		} {
			v := reflect.ValueOf(object).Elem()
			filler{rand.New(rand.NewPCG(seed, 1))}.fill(v, 9)
			if status := v.FieldByName("Status"); status.IsValid() {
				status.SetZero() // never written
			}
			n, err := Of(object)
			require.NoError(t, err)
			text := n.AppendYAML(nil)
			again, err := Of(object)
			require.NoError(t, err)
			require.Equal(t, string(text), string(again.AppendYAML(nil)), "same input, same bytes")

			j, err := sigs.YAMLToJSONStrict(text)
			require.NoError(t, err, "%s", text)
			back := reflect.New(v.Type()).Interface()
			strict, err := sigsjson.UnmarshalStrict(j, back)
			require.NoError(t, err, "%s", text)
			require.Empty(t, strict, "%s", text)
			if !equality.Semantic.DeepEqual(object, back) {
				require.Equal(t, object, back, "%s", text)
			}
		}
	})
}
