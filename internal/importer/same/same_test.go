package same_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/randobject"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func read(t *testing.T, text string) runtime.Object {
	t.Helper()
	objects, findings := manifest.Parse([]byte(text), "x.yaml")
	require.NoError(t, findings.Err())
	require.Len(t, objects, 1)
	return objects[0].Object
}

func task(spec string) string {
	return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n" + spec
}

func pipeline(spec string) string {
	return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n" + spec
}

// TestRules has, for each rule, objects that are the same and objects that are not.
func TestRules(t *testing.T) {
	const image = "  steps: [{name: s, image: registry.local/a}]\n"
	for _, c := range []struct {
		name, a, b string
		differ     string // the path, "" if they are the same
	}{
		{"order of keys", task("  description: x\n" + image), task(image + "  description: x\n"), ""},
		{"a description is lost", task("  description: x\n" + image), task(image), "spec.description"},

		{"order of params", task("  params: [{name: a}, {name: b}]\n" + image), task("  params: [{name: b}, {name: a}]\n" + image), ""},
		{"another param", task("  params: [{name: a}, {name: b}]\n" + image), task("  params: [{name: c}, {name: a}]\n" + image), "spec.params"},
		{"an empty default is lost", task("  params: [{name: a, default: \"\"}]\n" + image), task("  params: [{name: a}]\n" + image), "spec.params[0].default"},
		{"another default", task("  params: [{name: b}, {name: a, default: x}]\n" + image), task("  params: [{name: a, default: y}, {name: b}]\n" + image), "spec.params[1].default"},
		{"type: string", task("  params: [{name: a, type: string}]\n" + image), task("  params: [{name: a}]\n" + image), ""},
		{"type: array", task("  params: [{name: a, type: array}]\n" + image), task("  params: [{name: a}]\n" + image), "spec.params[0].type"},
		{"an empty array is lost", task("  params: [{name: a, type: array, default: []}]\n" + image), task("  params: [{name: a, type: array}]\n" + image), "spec.params[0].default"},

		{
			"order of steps", task("  steps: [{name: a, image: i}, {name: b, image: i}]\n"),
			task("  steps: [{name: b, image: i}, {name: a, image: i}]\n"), "spec.steps[0].name",
		},
		{"order of args", task("  steps: [{image: i, args: [a, b]}]\n"), task("  steps: [{image: i, args: [b, a]}]\n"), "spec.steps[0].args[0]"},
		{"order of env", task("  steps: [{image: i, env: [{name: A}, {name: B}]}]\n"), task("  steps: [{image: i, env: [{name: B}, {name: A}]}]\n"), "spec.steps[0].env[0].name"},
		{"onError: stopAndFail", task("  steps: [{image: i, onError: stopAndFail}]\n"), task("  steps: [{image: i}]\n"), ""},
		{"onError: continue", task("  steps: [{image: i, onError: continue}]\n"), task("  steps: [{image: i}]\n"), "spec.steps[0].onError"},
		{
			"quantities by value", task("  steps: [{image: i, computeResources: {limits: {memory: 1Gi}}}]\n"),
			task("  steps: [{image: i, computeResources: {limits: {memory: 1024Mi}}}]\n"), "",
		},
		{
			"other quantities", task("  steps: [{image: i, computeResources: {limits: {memory: 1Gi}}}]\n"),
			task("  steps: [{image: i, computeResources: {limits: {memory: 1G}}}]\n"), "spec.steps[0].computeResources.limits[memory]",
		},
		{"durations by value", task("  steps: [{image: i, timeout: 60s}]\n"), task("  steps: [{image: i, timeout: 1m}]\n"), ""},
		{"other durations", task("  steps: [{image: i, timeout: 60s}]\n"), task("  steps: [{image: i, timeout: 61s}]\n"), "spec.steps[0].timeout"},
		{"an emptyDir is lost", task("  volumes: [{name: v, emptyDir: {}}]\n" + image), task("  volumes: [{name: v}]\n" + image), "spec.volumes[0].emptyDir"},

		{"params in brackets", task("  steps: [{image: '$(params[\"a\"])'}]\n"), task("  steps: [{image: $(params.a)}]\n"), ""},
		{"a dot in brackets", task("  steps: [{image: '$(params[\"a.b\"])'}]\n"), task("  steps: [{image: $(params.a.b)}]\n"), "spec.steps[0].image"},
		{"inputs.params", task("  steps: [{image: $(inputs.params.a)}]\n"), task("  steps: [{image: $(params.a)}]\n"), ""},
		{"outputs.params", task("  steps: [{image: $(outputs.params.a)}]\n"), task("  steps: [{image: $(params.a)}]\n"), "spec.steps[0].image"},
		{"an escaped variable", task("  steps: [{image: '$$(params[\"a\"])'}]\n"), task("  steps: [{image: $$(params.a)}]\n"), "spec.steps[0].image"},

		{"kind: Task", pipeline("  tasks: [{name: a, taskRef: {name: t, kind: Task}}]\n"), pipeline("  tasks: [{name: a, taskRef: {name: t}}]\n"), ""},
		{"kind: ClusterTask", pipeline("  tasks: [{name: a, taskRef: {name: t, kind: ClusterTask}}]\n"), pipeline("  tasks: [{name: a, taskRef: {name: t}}]\n"), "spec.tasks[0].taskRef.kind"},
		{"order of tasks", pipeline("  tasks: [{name: a, taskRef: {name: t}}, {name: b, taskRef: {name: u}}]\n"), pipeline("  tasks: [{name: b, taskRef: {name: u}}, {name: a, taskRef: {name: t}}]\n"), ""},
		{
			"a whole array", pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: [\"$(params.l[*])\"]}]}]\n"),
			pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: \"$(params.l[*])\"}]}]\n"), "",
		},
		{
			"an item of an array", pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: [\"$(params.l[0])\"]}]}]\n"),
			pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: \"$(params.l[0])\"}]}]\n"), "spec.tasks[0].params[0].value",
		},
		{
			"a workspace that is not named", pipeline("  tasks: [{name: a, taskRef: {name: t}, workspaces: [{name: w}]}]\n"),
			pipeline("  tasks: [{name: a, taskRef: {name: t}, workspaces: [{name: w, workspace: w}]}]\n"), "",
		},
		{
			"another workspace", pipeline("  tasks: [{name: a, taskRef: {name: t}, workspaces: [{name: w}]}]\n"),
			pipeline("  tasks: [{name: a, taskRef: {name: t}, workspaces: [{name: w, workspace: v}]}]\n"), "spec.tasks[0].workspaces[0].workspace",
		},
		{
			"a whole array without a star", pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: [\"$(params.l)\"]}]}]\n"),
			pipeline("  params: [{name: l, type: array}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: \"$(params.l[*])\"}]}]\n"), "",
		},
		{
			"a string is no array", pipeline("  params: [{name: l}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: [\"$(params.l)\"]}]}]\n"),
			pipeline("  params: [{name: l}]\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: x, value: \"$(params.l)\"}]}]\n"), "spec.tasks[0].params[0].value",
		},
		{
			"args that are an array", task("  params: [{name: l, type: array}]\n  steps: [{image: i, args: [$(params.l)]}]\n"),
			task("  params: [{name: l, type: array}]\n  steps: [{image: i, args: ['$(params.l[*])']}]\n"), "",
		},
		{
			"args that are a string", task("  params: [{name: l}]\n  steps: [{image: i, args: [$(params.l)]}]\n"),
			task("  params: [{name: l}]\n  steps: [{image: i, args: ['$(params.l[*])']}]\n"), "spec.steps[0].args[0]",
		},
		{
			"runAfter that follows", pipeline(chain("a", "b")), pipeline(chain("b")), "",
		},
		{
			"runAfter that alone orders", pipeline(chain("b")), pipeline(chain()), "spec.tasks[2].runAfter",
		},
		{
			"runAfter beside a result", pipeline("  tasks: [{name: a, taskRef: {name: t}}, {name: b, taskRef: {name: t}, runAfter: [a], params: [{name: x, value: $(tasks.a.results.r)}]}]\n"),
			pipeline("  tasks: [{name: a, taskRef: {name: t}}, {name: b, taskRef: {name: t}, params: [{name: x, value: $(tasks.a.results.r)}]}]\n"), "",
		},
		{
			"another kind", task(image), pipeline("  tasks: []\n"), "-",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := read(t, c.a), read(t, c.b)
			found := same.Objects(same.Prepared(a), same.Prepared(b))
			if c.differ == "" {
				assert.Empty(t, found)
				return
			}
			require.NotEmpty(t, found)
			if c.differ != "-" {
				assert.Equal(t, c.differ, found[0].String())
			}
			assert.NotEmpty(t, same.Objects(same.Prepared(b), same.Prepared(a)), "from the other side")
		})
	}
}

// chain returns tasks a, b after a, and c after the given ones.
func chain(c ...string) string {
	out := "  tasks: [{name: a, taskRef: {name: t}}, {name: b, taskRef: {name: t}, runAfter: [a]}, {name: c, taskRef: {name: t}"
	for i, n := range c {
		if i == 0 {
			out += ", runAfter: [" + n
		} else {
			out += ", " + n
		}
	}
	if len(c) > 0 {
		out += "]"
	}
	return out + "}]\n"
}

// TestEveryField shows that no field is ignored: an object differs from itself with a
// changed leaf.
func TestEveryField(t *testing.T) {
	for _, kind := range []runtime.Object{&v1.Task{}, &v1.Pipeline{}, &v1.PipelineRun{}, &v1.TaskRun{}} {
		paths := map[string]bool{}
		for seed := range uint64(30) {
			o := kind.DeepCopyObject()
			randobject.Fill(o, seed, []string{"a", "simple", "$(params.a)"})
			eachLeaf(reflect.ValueOf(o).Elem(), "", 0, func(path string, v reflect.Value) {
				if paths[path] {
					return
				}
				paths[path] = true
				old := reflect.New(v.Type()).Elem()
				old.Set(v)
				a := o.DeepCopyObject()
				if v.Kind() == reflect.String {
					v.SetString(v.String() + "other")
				} else {
					v.SetInt(v.Int() + 1)
				}
				assert.NotEmpty(t, same.Objects(a, o), "%T %s is ignored", o, path)
				v.Set(old)
			})
		}
		assert.Greater(t, len(paths), 100, "%T", kind)
	}
}

// ignored are the fields that servers write, which Prepared drops.
var ignored = map[string]bool{".TypeMeta": true, ".ObjectMeta": true, ".Status": true}

func eachLeaf(v reflect.Value, path string, depth int, visit func(string, reflect.Value)) {
	if depth > 30 || ignored[path] {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachLeaf(v.Elem(), path, depth+1, visit)
		}
	case reflect.Struct:
		if p := v.Type().PkgPath(); p == "k8s.io/apimachinery/pkg/api/resource" || v.Type() == reflect.TypeFor[runtime.RawExtension]() {
			return // compared by value, see TestRules
		}
		if v.Type() == reflect.TypeFor[v1.ParamValue]() {
			return // only the part that the type selects counts, see TestRules
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Tag.Get("json") != "-" && f.Name != "TypeMeta" {
				eachLeaf(v.Field(i), path+"."+f.Name, depth+1, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if v.Type().Elem().Kind() != reflect.Uint8 {
				eachLeaf(v.Index(i), path+"[]", depth+1, visit)
			}
		}
	case reflect.String, reflect.Int, reflect.Int32, reflect.Int64:
		if v.CanSet() {
			visit(path, v)
		}
	}
}
