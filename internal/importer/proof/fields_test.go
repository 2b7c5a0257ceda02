package proof_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/proof"
	"github.com/tekwright/tekwright/pkg/object"
)

// filler sets all fields of a value, and lists its leaves: for each, a function that changes it
// and returns one that restores it.
type filler struct {
	leaves []leaf
	open   []reflect.Type // what is being filled: a type inside of itself stays empty
	// once are the structs of Kubernetes that were filled: they are compared alike everywhere.
	once map[reflect.Type]bool
}

type leaf struct {
	path   string
	change func() (restore func())
}

func (f *filler) leaf(path string, v reflect.Value, other any) {
	f.leaves = append(f.leaves, leaf{path, func() func() {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(reflect.ValueOf(other).Convert(v.Type()))
		return func() { v.Set(old) }
	}})
}

// fill fills a value.
func (f *filler) fill(path string, v reflect.Value) {
	switch v.Interface().(type) {
	case resource.Quantity:
		v.Set(reflect.ValueOf(resource.MustParse("1")))
		f.leaf(path, v, resource.MustParse("2"))
		return
	case metav1.Duration:
		v.Set(reflect.ValueOf(metav1.Duration{Duration: time.Hour}))
		f.leaf(path, v, metav1.Duration{Duration: time.Minute})
		return
	case metav1.Time, metav1.MicroTime, metav1.FieldsV1:
		return // of a server
	case intstr.IntOrString:
		v.Set(reflect.ValueOf(intstr.FromInt32(1)))
		f.leaf(path, v, intstr.FromString("a"))
		return
	case runtime.RawExtension:
		v.Set(reflect.ValueOf(runtime.RawExtension{Raw: []byte(`{"a":1}`)}))
		f.leaf(path, v, runtime.RawExtension{Raw: []byte(`{"a":2}`)})
		return
	case v1.ParamValue:
		v.Set(reflect.ValueOf(*v1.NewStructuredValues("a")))
		f.leaf(path, v, *v1.NewStructuredValues("b"))
		f.leaf(path+" as a list", v, *v1.NewStructuredValues("a", "b"))
		f.leaf(path+" as an object", v, *v1.NewObject(map[string]string{"a": "b"}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("a")
		f.leaf(path, v, "b")
		f.leaf(path+" empty", v, "")
	case reflect.Bool:
		v.SetBool(true)
		f.leaf(path, v, false)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
		f.leaf(path, v, 2)
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(97)
		f.leaf(path, v, 98)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1)
		f.leaf(path, v, 2)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(path, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(path+"[0]", v.Index(0))
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		inner := filler{open: f.open, once: f.once}
		inner.fill(path+"[a]", item)
		m := reflect.MakeMap(v.Type())
		m.SetMapIndex(reflect.ValueOf("a").Convert(v.Type().Key()), item)
		v.Set(m)
		f.leaves = append(f.leaves, leaf{path + " renamed", func() func() {
			other := reflect.MakeMap(v.Type())
			other.SetMapIndex(reflect.ValueOf("b").Convert(v.Type().Key()), item)
			v.Set(other)
			return func() { v.Set(m) }
		}})
		for _, l := range inner.leaves {
			f.leaves = append(f.leaves, leaf{l.path, func() func() {
				restore := l.change()
				other := reflect.MakeMap(v.Type())
				other.SetMapIndex(reflect.ValueOf("a").Convert(v.Type().Key()), item)
				v.Set(other)
				return func() { restore(); v.Set(m) }
			}})
		}
	case reflect.Struct:
		t := v.Type()
		if slices.Contains(f.open, t) {
			return
		}
		if strings.HasPrefix(t.PkgPath(), "k8s.io/api/") {
			if f.once[t] {
				return
			}
			f.once[t] = true
		}
		f.open = append(f.open, t)
		for i := range t.NumField() {
			field := t.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || name == "-" {
				continue
			}
			at := path
			if name != "" {
				at = strings.TrimPrefix(path+"."+name, ".")
			}
			f.fill(at, v.Field(i))
		}
		f.open = f.open[:len(f.open)-1]
	}
}

// unseen are the paths whose values mean nothing to the comparison, with the reason. They end
// where a path or a part of it ends.
var unseen = map[string]string{
	"kind":                       "it is what objects are found by",
	"apiVersion":                 "both are upgraded to the current one",
	"metadata.selfLink":          "of a server",
	"metadata.uid":               "of a server",
	"metadata.resourceVersion":   "of a server",
	"metadata.generation":        "of a server",
	"metadata.managedFields":     "of a server",
	"metadata.creationTimestamp": "of a server",
	"status":                     "of a server",
	"metadata.generateName":      "the object has a name",
	"ClusterTriggerBinding metadata.namespace":          "it is in no namespace",
	"spec.workspaces[0].volumeClaimTemplate.kind":       "Tekton creates nothing but a claim of it",
	"spec.workspaces[0].volumeClaimTemplate.apiVersion": "Tekton creates nothing but a claim of it",
}

// means reports whether a change at a path has to be seen.
func means(kind, path string, exact bool) bool {
	if !exact && strings.HasSuffix(path, ".workspaces[0].workspace empty") {
		return false // then the workspace has the name of the binding
	}
	for p := range unseen {
		for _, at := range []string{path, kind + " " + path} {
			if at == p || at == p+" empty" || strings.HasPrefix(at, p+".") || strings.HasPrefix(at, p+"[") {
				return false
			}
		}
	}
	return true
}

// TestEachField changes each field of upstream's types, as reflection finds them, in an object:
// the proof must see it. A field that upstream adds, and that the comparison would not see,
// fails the test.
func TestEachField(t *testing.T) {
	for _, o := range []runtime.Object{
		&v1.Task{}, &v1.Pipeline{}, &v1.PipelineRun{}, &v1.TaskRun{}, &v1beta1.StepAction{},
		&triggersv1beta1.TriggerBinding{}, &triggersv1beta1.ClusterTriggerBinding{}, &triggersv1beta1.TriggerTemplate{}, &triggersv1beta1.Trigger{},
		&triggersv1beta1.EventListener{},
	} {
		kind := reflect.TypeOf(o).Elem().Name()
		t.Run(kind, func(t *testing.T) {
			f := &filler{once: map[reflect.Type]bool{}}
			f.fill("", reflect.ValueOf(o).Elem())
			group := "tekton.dev/v1"
			switch {
			case kind == "StepAction":
				group = "tekton.dev/v1beta1"
			case strings.HasPrefix(kind, "Trigger"), strings.HasPrefix(kind, "Cluster"), kind == "EventListener":
				group = "triggers.tekton.dev/v1beta1"
			}
			reflect.ValueOf(o).Elem().FieldByName("Kind").SetString(kind)
			reflect.ValueOf(o).Elem().FieldByName("APIVersion").SetString(group)
			original := []object.Object{{Object: o.DeepCopyObject()}}
			assert.Empty(t, proof.Compare(original, []object.Object{{Object: o.DeepCopyObject()}}, proof.Options{}))
			seen := 0
			for _, exact := range []bool{false, true} {
				for _, l := range f.leaves {
					if !means(kind, l.path, exact) {
						continue
					}
					restore := l.change()
					found := proof.Compare(original, []object.Object{{Object: o.DeepCopyObject()}}, proof.Options{Exact: exact})
					restore()
					if assert.NotEmpty(t, found, "%s (exact: %v)", l.path, exact) {
						seen++
					}
				}
			}
			t.Logf("%d changes", seen)
		})
	}
}
