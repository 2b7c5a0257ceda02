package manifest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestUpgradeOld converts what Tekton has no conversion for: objects of Tekton Triggers
// and of Tekton Pipelines in v1alpha1, references to bundles and ClusterTasks, and objects
// in templates.
func TestUpgradeOld(t *testing.T) {
	in, err := os.ReadFile("testdata/upgrade-old.yaml")
	require.NoError(t, err)
	objects, _ := manifest.Parse(in, "old.yaml")
	newer, changed, err := manifest.Upgrade(objects)
	require.NoError(t, err)
	var out strings.Builder
	for _, c := range changed {
		fmt.Fprintln(&out, c)
	}
	for i, o := range newer {
		if o.Object == objects[i].Object {
			continue
		}
		text, err := manifest.YAML(o)
		require.NoError(t, err)
		assert.NoError(t, admission.Stream(text), "%s", text)
		fmt.Fprintf(&out, "---\n%s", text)
	}
	golden.Check(t, "testdata/upgrade-old.txt", []byte(out.String()))

	again, changed, err := manifest.Upgrade(newer)
	require.NoError(t, err)
	assert.Empty(t, changed)
	for i := range again {
		assert.Equal(t, newer[i].Object, again[i].Object)
	}
}

// TestUpgradeOldPlaces: positions of the new fields are those of the old ones.
func TestUpgradeOldPlaces(t *testing.T) {
	for _, c := range []struct{ text, path, want string }{
		{"apiVersion: triggers.tekton.dev/v1alpha1\nkind: Trigger\nmetadata: {name: a}\nspec:\n  bindings:\n    - name: b\n  template:\n    name: t\n  interceptors:\n    - cel:\n        filter: body.x\n", "spec.interceptors[0].params[0].value", "a.yaml:11:17"},
		{"apiVersion: triggers.tekton.dev/v1alpha1\nkind: Trigger\nmetadata: {name: a}\nspec:\n  bindings:\n    - name: b\n  template:\n    name: t\n", "spec.bindings[0].ref", "a.yaml:6:13"},
		{"apiVersion: triggers.tekton.dev/v1alpha1\nkind: Trigger\nmetadata: {name: a}\nspec:\n  bindings:\n    - name: b\n  template:\n    name: t\n", "spec.template.ref", "a.yaml:8:11"},
		{"apiVersion: tekton.dev/v1alpha1\nkind: Task\nmetadata: {name: a}\nspec:\n  inputs:\n    params:\n      - name: p\n  steps:\n    - image: i\n", "spec.params[0].name", "a.yaml:7:15"},
		{"apiVersion: tekton.dev/v1beta1\nkind: TaskRun\nmetadata: {name: a}\nspec:\n  taskRef:\n    name: x\n    bundle: b\n", "spec.taskRef.params[0].value", "a.yaml:7:13"},
		{"apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: a}\nspec:\n  resourcetemplates:\n    - apiVersion: tekton.dev/v1beta1\n      kind: PipelineRun\n      metadata: {generateName: x-}\n      spec:\n        pipelineRef: {name: x}\n        serviceAccountName: sa\n", "spec.resourcetemplates[0].spec.taskRunTemplate.serviceAccountName", "a.yaml:11:29"},
	} {
		objects, _ := manifest.Parse([]byte(c.text), "a.yaml")
		require.Len(t, objects, 1)
		newer, changed, err := manifest.Upgrade(objects)
		require.NoError(t, err)
		require.Len(t, changed, 1, c.text)
		path, err := diag.ParsePath(c.path)
		require.NoError(t, err)
		assert.Equal(t, c.want, newer[0].At(path).String(), c.path)
	}
}

// TestUpgradeKept: what cannot be converted stays as it is, with an error where a field would
// be lost that no release knew.
func TestUpgradeKept(t *testing.T) {
	for _, c := range []struct{ text, err string }{
		{"{apiVersion: triggers.tekton.dev/v1alpha1, kind: ClusterInterceptor, metadata: {name: a}, spec: {clientConfig: {url: 'http://x'}}}", ""},
		{"{apiVersion: triggers.tekton.dev/v1beta1, kind: TriggerBinding, metadata: {name: a}}", ""},
		{"{apiVersion: tekton.dev/v1alpha1, kind: PipelineResource, metadata: {name: a}, spec: {type: git}}", ""},
		{"{apiVersion: tekton.dev/v1, kind: Pipeline, metadata: {name: a}, spec: {tasks: [{name: a, taskRef: {name: b, kind: ClusterTask, apiVersion: example.com/v1}}]}}", ""},
		// A duration and a quantity that an event sets.
		{"{apiVersion: triggers.tekton.dev/v1beta1, kind: TriggerTemplate, metadata: {name: a}, spec: {params: [{name: t}], resourcetemplates: [{apiVersion: tekton.dev/v1beta1, kind: PipelineRun, metadata: {generateName: a-}, spec: {pipelineRef: {name: a}, timeout: $(tt.params.t)}}]}}", ""},
		{"{apiVersion: tekton.dev/v1alpha1, kind: Task, metadata: {name: a}, spec: {inputs: {colour: red}, steps: [{image: a}]}}", `unknown field "spec.inputs"`},
	} {
		objects, _ := manifest.Parse([]byte(c.text), "a.yaml")
		require.NotEmpty(t, objects, c.text)
		newer, changed, err := manifest.Upgrade(objects)
		if c.err == "" {
			require.NoError(t, err, c.text)
		} else {
			require.Error(t, err, c.text)
			assert.Contains(t, err.Error(), c.err)
		}
		assert.Empty(t, changed, c.text)
		assert.Same(t, objects[0].Object, newer[0].Object, c.text)
	}
}

// TestUpgradeUnstructured converts an object that was not read by this package, with a
// field of the first releases of Tekton Triggers, and one with a field that none had.
func TestUpgradeUnstructured(t *testing.T) {
	trigger := func(template map[string]any) object.Object {
		return object.Object{Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "triggers.tekton.dev/v1alpha1", "kind": "Trigger", "metadata": map[string]any{"name": "a"},
			"spec": map[string]any{"template": template, "bindings": []any{}},
		}}}
	}
	good, bad := trigger(map[string]any{"name": "t"}), trigger(map[string]any{"nom": "t"})
	newer, changed, err := manifest.Upgrade([]object.Object{good, bad})
	require.Error(t, err)
	assert.Contains(t, err.Error(), `Trigger "a" cannot be converted: strict decoding error: unknown field "spec.template.nom"`)
	require.Len(t, changed, 1)
	assert.Equal(t, []manifest.FieldChange{{From: diag.Fields("spec", "template", "name"), To: diag.Fields("spec", "template", "ref")}}, changed[0].Fields)
	to, ok := newer[0].Object.(*v1beta1.Trigger)
	require.True(t, ok)
	assert.Equal(t, "t", *to.Spec.Template.Ref)
	assert.Same(t, bad.Object, newer[1].Object)
	assert.Equal(t, "t", good.Object.(*unstructured.Unstructured).Object["spec"].(map[string]any)["template"].(map[string]any)["name"], "it stays as it is")
}

// TestUpgradeGrowth tests that converting an object, and finding positions in it, takes no
// more for each of its parts if there are many.
func TestUpgradeGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("converts large texts")
	}
	many := func(head, each string) func(n int) string {
		return func(n int) string {
			var b strings.Builder
			b.WriteString(head)
			for i := range n {
				b.WriteString(strings.ReplaceAll(each, "#", fmt.Sprint(i)))
			}
			return b.String()
		}
	}
	for name, text := range map[string]func(n int) string{
		"interceptors":      many("apiVersion: triggers.tekton.dev/v1alpha1\nkind: EventListener\nmetadata: {name: a}\nspec:\n  triggers:\n", "  - {name: t#, interceptors: [{cel: {filter: body.a# == 1}}], bindings: [{name: b#}], template: {name: t}}\n"),
		"bundles":           many("apiVersion: tekton.dev/v1beta1\nkind: Pipeline\nmetadata: {name: a}\nspec:\n  tasks:\n", "  - {name: t#, taskRef: {name: a#, bundle: x/y}}\n"),
		"v1alpha1":          many("apiVersion: tekton.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: a}\nspec:\n  tasks:\n", "  - {name: t#, taskRef: {name: a#, kind: ClusterTask}, taskSpec: {inputs: {params: [{name: a}]}, steps: [{image: a, resources: {}}]}}\n"),
		"objects in a body": many("apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: a}\nspec:\n  resourcetemplates:\n", "  - {apiVersion: tekton.dev/v1beta1, kind: PipelineRun, metadata: {generateName: a}, spec: {timeout: 1h, pipelineRef: {name: p#}}}\n"),
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 150, func(n int) (work func()) {
				objects, _ := manifest.Parse([]byte(text(n)), "a.yaml")
				require.Len(t, objects, 1)
				return func() {
					out, _, err := manifest.Upgrade(objects)
					require.NoError(t, err)
					for i := range n {
						for _, list := range []string{"triggers", "tasks", "resourcetemplates"} {
							out[0].At(diag.Fields("spec").FieldIndex(list, i).Field("spec"))
						}
					}
				}
			})
		})
	}
}
