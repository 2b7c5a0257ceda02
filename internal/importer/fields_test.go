package importer_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer"
)

const fieldBases = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: x}, {name: l, type: array}]
  results: [{name: r}]
  workspaces: [{name: w}]
  volumes: [{name: v, emptyDir: {}}]
  stepTemplate: {image: i}
  steps: [{name: s, image: i, script: echo, volumeMounts: [{name: v, mountPath: /v}], env: [{name: E}]}]
  sidecars: [{name: s, image: i, volumeMounts: [{name: v, mountPath: /v}], env: [{name: E}]}]
---
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: a}
spec: {image: i, params: [{name: x}], results: [{name: r}], env: [{name: E}], volumeMounts: [{name: v, mountPath: /v}]}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: x}, {name: l, type: array}]
  workspaces: [{name: w}]
  results: [{name: r, value: $(tasks.a.results.r)}]
  tasks:
    - {name: a, taskRef: {name: t}, params: [{name: x, value: $(params.x)}], workspaces: [{name: w, workspace: w}]}
    - {name: b, taskRef: {resolver: git, params: [{name: url, value: https://git.example.com/x}]}, when: [{input: a, operator: in, values: [a]}]}
  finally: [{name: c, taskRef: {name: t}, params: [{name: x, value: y}], workspaces: [{name: w, workspace: w}]}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineRef: {name: p}
  params: [{name: x, value: y}, {name: l, value: [a]}]
  workspaces: [{name: w, emptyDir: {}}]
  timeouts: {pipeline: 2h}
  taskRunTemplate: {serviceAccountName: s}
  taskRunSpecs: [{pipelineTaskName: a, serviceAccountName: s}]
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec:
  taskRef: {name: t}
  params: [{name: x, value: y}, {name: l, value: [a]}]
  workspaces: [{name: w, emptyDir: {}}]
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerBinding
metadata: {name: b}
spec: {params: [{name: x, value: v}]}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: ClusterTriggerBinding
metadata: {name: b}
spec: {params: [{name: x, value: v}]}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t}
spec:
  params: [{name: x}]
  resourcetemplates: [{apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: {generateName: r-}, spec: {pipelineRef: {name: p}}}]
---
apiVersion: triggers.tekton.dev/v1beta1
kind: Trigger
metadata: {name: t}
spec:
  bindings: [{ref: b}]
  template: {ref: t}
  interceptors:
    - {ref: {name: cel}, params: [{name: filter, value: "true"}]}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: l}
spec:
  triggers:
    - {name: t, bindings: [{ref: b}], template: {ref: t}, interceptors: [{ref: {name: cel}, params: [{name: filter, value: "true"}]}]}
`

// TestFields sets each field of the upstream types, and records whether calls describe it. A
// field that upstream adds is a new line, and so is one that a new call covers.
func TestFields(t *testing.T) {
	var out strings.Builder
	objects, _ := parse(t, fieldBases, "x.yaml")
	for i, o := range objects {
		kind := o.GetObjectKind().GroupVersionKind().Kind
		seen := map[string]bool{}
		walkFields(reflect.TypeOf(o).Elem(), nil, func(path []reflect.StructField) {
			name := pathName(path)
			if seen[name] {
				return
			}
			seen[name] = true
			copied, x := parse(t, fieldBases, "x.yaml")
			if !setField(reflect.ValueOf(copied[i]).Elem(), path, "") {
				return
			}
			fmt.Fprintf(&out, "%s %s: %s\n", kind, name, becomes(importer.Import(x, copied[i], "x.yaml")))
		})
	}
	golden.Check(t, "testdata/fields.txt", []byte(out.String()))
	assert.NotContains(t, out.String(), "Task spec.steps.image: M")
}

// becomes says what a field becomes.
func becomes(r *importer.Result) string {
	switch {
	case r.Func == nil:
		return "a value of the upstream type"
	case len(r.Hatches) > 0:
		return "Mutate"
	}
	return "calls"
}

func pathName(path []reflect.StructField) string {
	var names []string
	for _, f := range path {
		if n, _, _ := strings.Cut(f.Tag.Get("json"), ","); n != "" {
			names = append(names, n)
		}
	}
	return strings.Join(names, ".")
}

// leaves are types whose fields are not looked at one by one: a call sets all of them at
// once.
var leaves = set("SecurityContext PodSecurityContext Probe Lifecycle Affinity EnvVarSource EnvFromSource VolumeSource Quantity Duration Time " +
	"ObjectMeta RawExtension ParamValue Template PersistentVolumeClaim ProjectedVolumeSource CSIVolumeSource SecretVolumeSource ConfigMapVolumeSource " +
	"EmptyDirVolumeSource PersistentVolumeClaimVolumeSource ResourceRequirements Provenance TypeMeta WithPod TriggerResourceTemplate JSON")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// elsewhere are the fields that are embedded objects, whose own fields are tested with the
// object, and those that servers write.
var elsewhere = set("TaskSpec PipelineSpec TypeMeta ObjectMeta")

// walkFields calls visit for each field of a type, outside of the status.
func walkFields(t reflect.Type, path []reflect.StructField, visit func([]reflect.StructField)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || leaves[t.Name()] || len(path) > 9 {
		if len(path) > 0 {
			visit(path)
		}
		return
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || f.Name == "Status" && len(path) == 0 || elsewhere[f.Name] {
			continue
		}
		walkFields(f.Type, append(slices.Clip(path), f), visit)
	}
}

// setField sets a field to a value that differs from the one it has. It returns false if the
// field cannot be set.
func setField(v reflect.Value, path []reflect.StructField, field string) bool {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice {
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			if n := v.Index(0); n.Kind() == reflect.Struct && n.FieldByName("Name").IsValid() {
				n.FieldByName("Name").SetString("n")
			}
		}
		return setField(v.Index(v.Len()-1), path, field)
	}
	if len(path) > 0 {
		return setField(v.FieldByName(path[0].Name), path[1:], path[0].Name)
	}
	if v.Kind() == reflect.String && v.String() != "" && strings.HasSuffix(field, "Name") {
		return false // others refer to it
	}
	switch v.Interface().(type) {
	case resource.Quantity:
		v.Set(reflect.ValueOf(resource.MustParse("3")))
	case metav1.Duration:
		v.Set(reflect.ValueOf(metav1.Duration{Duration: 7000000000}))
	case v1.ParamValue:
		if v.FieldByName("Type").String() != "" && v.FieldByName("Type").String() != "string" {
			return false
		}
		v.Set(reflect.ValueOf(*v1.NewStructuredValues("v")))
	case runtime.RawExtension:
		v.Set(reflect.ValueOf(runtime.RawExtension{Raw: []byte(`{"a":"b"}`)}))
	default:
		return setKind(v, 0)
	}
	return true
}

// setKind sets a value by its kind: the first field of a struct, an item of a map.
func setKind(v reflect.Value, depth int) bool {
	switch v.Kind() {
	case reflect.String:
		v.SetString(sample(v.Type().Name()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return setKind(v.Elem(), depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return setKind(v.Index(0), depth)
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		if !setKind(item, depth) {
			return false
		}
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("cpu").Convert(v.Type().Key()), item)
	case reflect.Struct:
		if q, ok := reflect.TypeAssert[*resource.Quantity](v.Addr()); ok {
			*q = resource.MustParse("3")
			return true
		}
		for _, field := range v.Fields() {
			if field.CanSet() && depth < 4 && setKind(field, depth+1) {
				return true
			}
		}
		return false
	default:
		return false
	}
	return true
}

// sample returns a valid value of a string type.
func sample(name string) string {
	switch name {
	case "ParamType", "ResultsType":
		return "array"
	case "OnErrorType", "PipelineTaskOnErrorType":
		return "continue"
	case "Operator":
		return "notin"
	case "PullPolicy":
		return "Always"
	}
	return "other"
}
