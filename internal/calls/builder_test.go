package calls_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/calls"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// tektonKinds are the kinds of the table.
var tektonKinds = map[string]reflect.Type{
	"Task": reflect.TypeFor[v1.Task](), "StepAction": reflect.TypeFor[v1beta1.StepAction](), "Pipeline": reflect.TypeFor[v1.Pipeline](),
	"PipelineRun": reflect.TypeFor[v1.PipelineRun](), "TaskRun": reflect.TypeFor[v1.TaskRun](),
}

// opened are the types of Kubernetes whose fields have calls of their own. The others are set
// as a whole.
var opened = []reflect.Type{
	reflect.TypeFor[corev1.EnvVar](), reflect.TypeFor[corev1.EnvVarSource](), reflect.TypeFor[corev1.SecretKeySelector](),
	reflect.TypeFor[corev1.ConfigMapKeySelector](), reflect.TypeFor[corev1.ObjectFieldSelector](), reflect.TypeFor[corev1.ResourceFieldSelector](),
	reflect.TypeFor[corev1.LocalObjectReference](), reflect.TypeFor[corev1.ResourceRequirements](), reflect.TypeFor[corev1.VolumeMount](),
	reflect.TypeFor[corev1.ContainerPort](), reflect.TypeFor[corev1.Volume](), reflect.TypeFor[corev1.VolumeSource](),
	reflect.TypeFor[corev1.EmptyDirVolumeSource](), reflect.TypeFor[corev1.SecretVolumeSource](), reflect.TypeFor[corev1.ConfigMapVolumeSource](),
	reflect.TypeFor[corev1.KeyToPath](), reflect.TypeFor[corev1.PersistentVolumeClaimVolumeSource](),
}

// closed are the types of Tekton that one call sets as a whole.
var closed = []reflect.Type{
	reflect.TypeFor[v1.ParamValue](), reflect.TypeFor[v1.EmbeddedTask](), reflect.TypeFor[v1.PipelineTaskMetadata](),
	reflect.TypeFor[v1.TaskRunStepSpec](), reflect.TypeFor[v1.TaskRunSidecarSpec](), reflect.TypeFor[v1.TaskRunDebug](),
}

// isWhole reports whether a field is set as a whole.
func isWhole(t reflect.Type, path string) bool {
	if t.Kind() != reflect.Struct {
		return true
	}
	if t == reflect.TypeFor[v1.PipelineSpec]() || t == reflect.TypeFor[v1.TaskSpec]() {
		return path != "Pipeline.spec" && path != "Task.spec"
	}
	ofRun := strings.HasPrefix(path, "PipelineRun.") || strings.HasPrefix(path, "TaskRun.")
	if strings.HasPrefix(t.PkgPath(), "k8s.io/") || strings.HasSuffix(t.PkgPath(), "/pod") {
		return ofRun || !slices.Contains(opened, t)
	}
	return slices.Contains(closed, t)
}

// visit calls f with the path of each field of a type, and the value of it, which is invalid
// if there is none. It returns the paths that are set.
func visit(t reflect.Type, v reflect.Value, path string, f func(path string, set bool)) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		if v.IsValid() {
			v = v.Elem()
		}
	}
	if t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.String {
		path += "[]"
		if !v.IsValid() || v.Len() == 0 {
			visit(t.Elem(), reflect.Value{}, path, f)
			return
		}
		for i := range v.Len() {
			visit(t.Elem(), v.Index(i), path, f)
		}
		return
	}
	if isWhole(t, path) {
		f(path, v.IsValid() && !v.IsZero())
		return
	}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		var field reflect.Value
		if v.IsValid() {
			field = v.Field(i)
		}
		switch {
		case name == "" && (strings.Contains(options, "inline") || t.Field(i).Anonymous):
			visit(t.Field(i).Type, field, path, f)
		case name != "" && name != "-":
			visit(t.Field(i).Type, field, path+"."+name, f)
		}
	}
}

// pathsOf calls f with the paths of an object that the table has to have.
func pathsOf(kind string, v reflect.Value, f func(path string, set bool)) {
	var spec reflect.Value
	if v.IsValid() {
		spec = v.FieldByName("Spec")
	}
	field, _ := tektonKinds[kind].FieldByName("Spec")
	visit(field.Type, spec, kind+".spec", f)
	var labels, annotations bool
	if v.IsValid() {
		meta := v.FieldByName("ObjectMeta")
		labels, annotations = meta.FieldByName("Labels").Len() > 0, meta.FieldByName("Annotations").Len() > 0
	}
	f(kind+".metadata.labels", labels)
	f(kind+".metadata.annotations", annotations)
}

// TestBuilder: the table has each field of upstream's types, and no other.
func TestBuilder(t *testing.T) {
	upstream := map[string]bool{}
	for kind := range tektonKinds {
		pathsOf(kind, reflect.Value{}, func(path string, _ bool) {
			upstream[path] = true
			assert.NotEmpty(t, calls.Builder[path], "upstream has the field %s: add a call of package builder, or the reason why it has none, to builder.go", path)
		})
	}
	assert.Greater(t, len(upstream), 250)
	for _, path := range slices.Sorted(maps.Keys(calls.Builder)) {
		assert.True(t, upstream[path], "upstream has no field %s", path)
	}
}

// TestBuilderCalls: the calls of the table are functions and methods of package builder.
func TestBuilderCalls(t *testing.T) {
	exist := declared(t, "builder")
	for path, value := range calls.Builder {
		if calls.NoCall(value) {
			assert.Regexp(t, "^Mutate, because ", value, path)
			continue
		}
		for call := range strings.SplitSeq(value, ", ") {
			assert.True(t, exist[call], "%s: there is no %s", path, call)
		}
	}
}

// structs are calls that set what a struct has.
var structs = []string{"Task.Volume", "Step.EnvSource", "Sidecar.EnvSource", "StepAction.EnvSource"}

// TestBuilderWrites: each field of a Task or a StepAction that has a call is set in a golden file
// of package builder, which its tests write.
func TestBuilderWrites(t *testing.T) {
	written := map[string]bool{}
	require.NoError(t, filepath.WalkDir("../../pkg/builder/testdata", func(file string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for doc := range bytes.SplitSeq(text, []byte("\n---\n")) {
			var about struct{ Kind string }
			doc, err := yamlread.JSON(doc, true)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(doc, &about))
			of, ok := tektonKinds[about.Kind]
			if !ok {
				continue
			}
			v := reflect.New(of)
			require.NoError(t, json.Unmarshal(doc, v.Interface()), file)
			shown(v.Elem(), written)
		}
		return nil
	}))
	for _, path := range slices.Sorted(maps.Keys(calls.Builder)) {
		call := calls.Builder[path]
		if calls.NoCall(call) || slices.Contains(structs, call) || strings.HasPrefix(path, "Pipeline") || strings.HasPrefix(path, "TaskRun") {
			continue
		}
		assert.True(t, written[path], "no golden file sets %s: %s", path, call)
	}
}

// shown adds the paths that an object sets, and those of the Tasks and Pipelines in it.
func shown(v reflect.Value, written map[string]bool) {
	kind := v.Type().Name()
	pathsOf(kind, v, func(path string, set bool) { written[path] = written[path] || set })
	task := func(spec *v1.TaskSpec) {
		if spec != nil {
			shown(reflect.ValueOf(v1.Task{Spec: *spec}), written)
		}
	}
	switch o := v.Interface().(type) {
	case v1.Pipeline:
		for _, pt := range slices.Concat(o.Spec.Tasks, o.Spec.Finally) {
			if pt.TaskSpec != nil {
				task(&pt.TaskSpec.TaskSpec)
			}
		}
	case v1.PipelineRun:
		if o.Spec.PipelineSpec != nil {
			shown(reflect.ValueOf(v1.Pipeline{Spec: *o.Spec.PipelineSpec}), written)
		}
	case v1.TaskRun:
		task(o.Spec.TaskSpec)
	}
}
