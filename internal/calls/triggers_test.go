package calls_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"
	duckv1 "knative.dev/pkg/apis/duck/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/calls"
	"github.com/tekwright/tekwright/internal/kinds"
)

// whole are types that one call sets as a whole.
var whole = []reflect.Type{
	reflect.TypeFor[runtime.RawExtension](), reflect.TypeFor[v1beta1.TriggerResourceTemplate](), reflect.TypeFor[v1beta1.CustomResource](),
	reflect.TypeFor[duckv1.WithPodSpec](), reflect.TypeFor[metav1.LabelSelector](), reflect.TypeFor[v1beta1.NamespaceSelector](),
	reflect.TypeFor[v1beta1.InterceptorParams]().Field(1).Type, reflect.TypeFor[pipelinev1beta1.ParamValue](), reflect.TypeFor[apis.URL](),
	reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.OwnerReference](), reflect.TypeFor[metav1.ManagedFieldsEntry](),
}

// fields returns the paths of the fields of a type.
func fields(t reflect.Type, path string) []string {
	switch {
	case slices.Contains(whole, t):
		return []string{path}
	case t.Kind() == reflect.Pointer:
		return fields(t.Elem(), path)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String, t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return []string{path}
	case t.Kind() == reflect.Slice && slices.Contains(whole, t.Elem()) && strings.Contains(path, "metadata"):
		return []string{path}
	case t.Kind() == reflect.Slice:
		return fields(t.Elem(), path+"[]")
	case t.Kind() != reflect.Struct:
		return []string{path}
	}
	var out []string
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "" && strings.Contains(options, "inline"):
			out = append(out, fields(f.Type, path)...)
		case name != "" && name != "-":
			out = append(out, fields(f.Type, path+"."+name)...)
		}
	}
	return out
}

// TestTriggers: the table has each field of upstream's types, and no other.
func TestTriggers(t *testing.T) {
	types := map[string]reflect.Type{
		"EventListener": reflect.TypeFor[v1beta1.EventListener](), "Trigger": reflect.TypeFor[v1beta1.Trigger](),
		"TriggerTemplate": reflect.TypeFor[v1beta1.TriggerTemplate](), "TriggerBinding": reflect.TypeFor[v1beta1.TriggerBinding](),
		"ClusterTriggerBinding": reflect.TypeFor[v1beta1.ClusterTriggerBinding](),
		"ClusterInterceptor":    kinds.Shape("triggers.tekton.dev/v1alpha1", "ClusterInterceptor"), // TestShapes holds it against upstream
		"Interceptor":           kinds.Shape("triggers.tekton.dev/v1alpha1", "Interceptor"),
	}
	upstream := map[string]bool{}
	for kind, of := range types {
		for _, path := range fields(of, kind) {
			if path == kind+".kind" || path == kind+".apiVersion" || strings.HasPrefix(path, kind+".status") {
				continue
			}
			upstream[path] = true
			assert.NotEmpty(t, calls.Triggers[path], "upstream has the field %s: add a call of package triggers, or the reason why it has none, to triggers.go", path)
		}
	}
	assert.Greater(t, len(upstream), 150)
	for _, path := range slices.Sorted(maps.Keys(calls.Triggers)) {
		assert.True(t, upstream[path], "upstream has no field %s", path)
	}
	assert.Contains(t, fields(reflect.TypeFor[corev1.ObjectReference](), "x"), "x.fieldPath")
}

// TestCallsExist: the calls of the table are functions and methods of the packages.
func TestCallsExist(t *testing.T) {
	exist := declared(t, "triggers")
	for call := range declared(t, "manifest") {
		exist["manifest."+call] = true
	}
	for path, value := range calls.Triggers {
		if calls.NoCall(value) {
			assert.Regexp(t, "^Mutate, because ", value, path)
			continue
		}
		for call := range strings.SplitSeq(value, ", ") {
			assert.True(t, exist[call], "%s: there is no %s", path, call)
		}
	}
	assert.False(t, calls.NoCall("Value"))
}
