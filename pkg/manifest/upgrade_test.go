package manifest_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1alpha1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestUpgrade converts objects with fields that were renamed or removed in v1.
func TestUpgrade(t *testing.T) {
	in, err := os.ReadFile("testdata/upgrade.yaml")
	require.NoError(t, err)
	objects, found := manifest.Parse(in, "upgrade.yaml")
	require.Empty(t, found)
	newer, changed, err := manifest.Upgrade(objects)
	require.NoError(t, err)
	require.Len(t, newer, len(objects))
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
		fmt.Fprintf(&out, "---\n%s", text)
	}
	golden.Check(t, "testdata/upgrade.txt", []byte(out.String()))
	again, changed, err := manifest.Upgrade(newer)
	require.NoError(t, err)
	assert.Empty(t, changed)
	assert.Equal(t, newer[0].Object, again[0].Object)

	// Places lead to the file, from the paths of the new version.
	for path, want := range map[string]string{
		"spec.steps[0].computeResources.limits": "26:17",
		"spec.steps[0].script":                  "21:15",
		"spec.stepTemplate.computeResources":    "17:16",
		`metadata.annotations["tekton.dev/x"]`:  "5:16",
	} {
		assert.Equal(t, "upgrade.yaml:"+want, newer[0].At(pathOf(t, path)).String(), path)
	}
	assert.Equal(t, "upgrade.yaml:60:19", newer[2].At(pathOf(t, "spec.taskRunTemplate.podTemplate.nodeSelector")).String())
	assert.Equal(t, "upgrade.yaml:58:12", newer[2].At(pathOf(t, "spec.timeouts.pipeline")).String())
	for _, f := range checkAll(t, newer, check.Profile{}) {
		if f.Code == "param-unknown" {
			assert.Equal(t, "upgrade.yaml:24:15", f.Position.String())
			return
		}
	}
	t.Error("the unknown param is not found")
}

// pathOf parses a path.
func pathOf(t *testing.T, text string) diag.Path {
	t.Helper()
	path, err := diag.ParsePath(text)
	require.NoError(t, err)
	return path
}

// TestUpgradeFails checks that objects that cannot be converted are unchanged.
func TestUpgradeFails(t *testing.T) {
	objects, _ := manifest.Parse([]byte(`apiVersion: tekton.dev/v1beta1
kind: Task
metadata:
  name: a
  annotations: {tekton.dev/v1beta1.task-deprecations: "{"}
---
{apiVersion: tekton.dev/v1beta1, kind: Task, metadata: {name: b}}
`), "f.yaml")
	strange := object.Object{Object: &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "tekton.dev/v1beta1", "kind": "Task", "metadata": map[string]any{"name": "c"}, "spec": map[string]any{"colour": "red"},
	}}}
	out, changed, err := manifest.Upgrade(append(objects, strange, object.Object{}))
	require.Error(t, err)
	assert.Contains(t, err.Error(), `f.yaml:1:1: Task "a" cannot be converted: error serializing key`)
	assert.Contains(t, err.Error(), `Task "c" cannot be converted: strict decoding error: unknown field "spec.colour"`)
	require.Len(t, changed, 1)
	assert.Equal(t, `f.yaml:7:1: Task "b" of tekton.dev/v1beta1 becomes tekton.dev/v1`, changed[0].String())
	assert.Same(t, objects[0].Object, out[0].Object)
	assert.IsType(t, &v1.Task{}, out[1].Object)
	assert.Same(t, strange.Object, out[2].Object)
}

// TestUpgradeExamples converts the Tekton examples from v1 to v1beta1 and back. The
// result must be the same, and renamed fields must be listed.
func TestUpgradeExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the module cache")
	}
	count, moved := 0, 0
	eachExample(t, func(name string, o object.Object) {
		old := olderOf(t, filled(o.Object)) // the conversion forgets types that are not written
		if old == nil {
			return
		}
		loose := &unstructured.Unstructured{Object: content(t, object.Object{Object: old})}
		for _, form := range []runtime.Object{old, loose} {
			out, changed, err := manifest.Upgrade([]object.Object{{Object: form}})
			require.NoError(t, err, name)
			require.Len(t, changed, 1, name)
			assert.True(t, equality.Semantic.DeepEqual(filled(o.Object), filled(out[0].Object)), name)
			for _, f := range changed[0].Fields {
				moved++
				if f.From.IsRoot() {
					assert.True(t, strings.HasSuffix(f.To.String(), ".type"), "%s: %s", name, f)
				} else {
					assert.False(t, f.To.IsRoot(), "%s: %s", name, f)
				}
			}
		}
		count++
	})
	t.Logf("%d objects, %d changes", count, moved)
	assert.Greater(t, count, 200)
	assert.Greater(t, moved, 50)
}

// olderOf returns an object in v1beta1, or nil if it cannot be converted.
func olderOf(t *testing.T, o runtime.Object) runtime.Object {
	t.Helper()
	var from apis.Convertible
	var to interface {
		apis.Convertible
		runtime.Object
	}
	switch o := o.(type) {
	case *v1.Task:
		from, to = o.DeepCopy(), &v1beta1.Task{TypeMeta: o.TypeMeta}
	case *v1.Pipeline:
		from, to = o.DeepCopy(), &v1beta1.Pipeline{TypeMeta: o.TypeMeta}
	case *v1.PipelineRun:
		from, to = o.DeepCopy(), &v1beta1.PipelineRun{TypeMeta: o.TypeMeta}
	case *v1.TaskRun:
		from, to = o.DeepCopy(), &v1beta1.TaskRun{TypeMeta: o.TypeMeta}
	default:
		return nil
	}
	require.NoError(t, to.ConvertFrom(context.Background(), from))
	to.GetObjectKind().SetGroupVersionKind(v1beta1.SchemeGroupVersion.WithKind(o.GetObjectKind().GroupVersionKind().Kind))
	// Tekton's conversion back leaves out pipelines in pipelines.
	if p, ok := o.(*v1.Pipeline); ok && nested(&p.Spec) {
		return nil
	}
	if r, ok := o.(*v1.PipelineRun); ok && nested(r.Spec.PipelineSpec) {
		return nil
	}
	return to
}

func nested(p *v1.PipelineSpec) bool {
	if p == nil {
		return false
	}
	for _, t := range append(p.Tasks, p.Finally...) {
		if t.PipelineSpec != nil || t.PipelineRef != nil {
			return true
		}
	}
	return false
}

// filled returns an object with Tekton's defaults, which a conversion also sets.
func filled(o runtime.Object) runtime.Object {
	o = o.DeepCopyObject()
	if d, ok := o.(apis.Defaultable); ok {
		d.SetDefaults(context.Background())
	}
	return o
}

// TestUpgradeStepAction compares the conversion from v1alpha1 with Tekton's.
func TestUpgradeStepAction(t *testing.T) {
	old := &v1alpha1.StepAction{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1alpha1", Kind: "StepAction"},
		ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: map[string]string{"b": "c"}},
		Spec: v1alpha1.StepActionSpec{Image: "i", Args: []string{"x"}, Script: "s", WorkingDir: "/w",
			Params: v1.ParamSpecs{{Name: "p", Type: v1.ParamTypeString}}, Results: []v1.StepResult{{Name: "r"}}},
	}
	want := &v1beta1.StepAction{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1beta1", Kind: "StepAction"}}
	require.NoError(t, old.ConvertTo(context.Background(), want))
	out, changed, err := manifest.Upgrade([]object.Object{{Object: old}})
	require.NoError(t, err)
	assert.Equal(t, want, out[0].Object)
	require.Len(t, changed, 1)
	assert.Empty(t, changed[0].Fields)
}

// eachExample calls visit for each object of the Tekton examples.
func eachExample(t *testing.T, visit func(name string, o object.Object)) {
	t.Helper()
	for _, dir := range upstreamExamples(t) {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			objects, _ := manifest.Parse(b, filepath.Base(path))
			for _, o := range objects {
				visit(filepath.Base(path), o)
			}
			return nil
		}))
	}
}
