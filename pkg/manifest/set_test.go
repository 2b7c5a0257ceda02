package manifest_test

import (
	"errors"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestOrder(t *testing.T) {
	assert.Equal(t, []string{
		"Namespace /ci", "ServiceAccount /runner", "Secret /token", "ConfigMap /settings", "PersistentVolumeClaim /cache",
		"Role /runner", "ClusterRoleBinding /runner", "RoleBinding /runner", "StepAction /login", "Task /compile", "Pipeline /build",
		"TriggerBinding /push", "TriggerTemplate /build", "EventListener /hooks", "Service /proxy", "Ingress /hooks",
		"TaskRun /once", "PipelineRun /build-",
	}, labels(t, manifest.New(manifest.FromObjects(estate()...))))

	assert.Equal(t, []string{"Task /b", "Task /a", "Task /c"}, labels(t, manifest.New(
		manifest.FromObjects(task("b", "x"), task("a", "x")), manifest.FromObjects(task("c", "x")))), "first seen first")
}

func TestMerge(t *testing.T) {
	a := &source{objects: []object.Object{at(1, task("a", "x"))}}
	b := &source{objects: []object.Object{at(2, task("a", "x")), at(3, run("r-", "p")), at(4, run("r-", "q")), at(5, run("r-", "p"))}}
	assert.Equal(t, []string{"Task /a", "PipelineRun /r-", "PipelineRun /r-"}, labels(t, manifest.New(a, b, a)))
	assert.Equal(t, 1, a.asked, "a source that is given twice is asked once")

	untyped := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "a"}}}
	assert.Len(t, labels(t, manifest.New(manifest.FromObjects(account("a"), untyped))), 1, "the same, typed and untyped")

	one, two := account("a"), account("a")
	one.Namespace = "one"
	assert.Len(t, labels(t, manifest.New(manifest.FromObjects(one, two))), 2, "two namespaces are two objects")
	assert.Len(t, labels(t, manifest.New(manifest.FromObjects(one, two)).Namespace("one")), 1, "unless they become one")
}

func TestConflict(t *testing.T) {
	s := manifest.New(
		&source{objects: []object.Object{at(1, task("a", "one")), at(2, account("x"))}},
		&source{objects: []object.Object{at(3, task("a", "two"))}})
	_, err := s.Objects()
	f := finding(t, err)
	assert.Equal(t, "object-conflict", f.Code)
	assert.Equal(t, "spec.steps[0].script", f.Path.String())
	assert.Equal(t, `main.go:3: error object-conflict: Task "a" is defined twice with a different value of spec.steps[0].script
	first defined at main.go:1
	help: rename one of them, or make them equal`, f.Error())
	assert.Equal(t, err, s.Build())

	old := task("a", "one")
	old.APIVersion = "tekton.dev/v1beta1"
	f = finding(t, manifest.New(manifest.FromObjects(task("a", "one"), old)).Build())
	assert.Equal(t, "apiVersion", f.Path.String(), "another version is the same object")
}

func TestNamespace(t *testing.T) {
	objects := estate()
	elsewhere := account("elsewhere")
	elsewhere.Namespace = "other"
	inner := manifest.New(manifest.FromObjects(account("inner"))).Namespace("inner")
	got, err := manifest.New(manifest.FromObjects(append(objects, elsewhere)...), inner).Namespace("ci").Objects()
	require.NoError(t, err)
	for _, o := range got {
		m, ok := o.Object.(metav1.Object)
		require.True(t, ok)
		want := "ci"
		switch o.GetObjectKind().GroupVersionKind().Kind {
		case "Namespace", "ClusterRoleBinding":
			want = ""
		}
		switch m.GetName() {
		case "elsewhere":
			want = "other"
		case "inner":
			want = "inner"
		}
		assert.Equal(t, want, m.GetNamespace(), "%s", m.GetName())
		switch b := o.Object.(type) {
		case *rbacv1.RoleBinding:
			assert.Equal(t, "ci", b.Subjects[0].Namespace)
		case *rbacv1.ClusterRoleBinding:
			assert.Equal(t, "ci", b.Subjects[0].Namespace)
		}
	}
	assert.Equal(t, estate(), objects, "the caller's objects are not changed")
}

func TestNamespaceUnstructured(t *testing.T) {
	u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Thing",
		"metadata": map[string]any{"name": "a"}, "spec": map[string]any{"replicas": 3}}} // DeepCopy panics on an int
	s := manifest.New(manifest.FromObjects(u)).Namespace("ci")
	assert.Equal(t, []string{"Thing ci/a"}, labels(t, s))
	assert.Empty(t, u.GetNamespace())
	require.NoError(t, s.Write(io.Discard))
}

// TestProblems tests a set with all kinds of problems at once.
func TestProblems(t *testing.T) {
	shared := diag.Findings{
		{Code: "b", Severity: diag.Error, Position: diag.Position{File: "main.go", Line: 9}, Message: "second"},
		{Code: "a", Severity: diag.Error, Position: diag.Position{File: "main.go", Line: 4}, Message: "first"},
		{Code: "w", Position: diag.Position{File: "main.go", Line: 1}, Message: "no more than a warning", Severity: diag.Warning},
	}
	disk := errors.New("a file is missing")
	list := &pipelinev1.TaskList{TypeMeta: typeMeta("tekton.dev/v1", "TaskList")}
	var none *pipelinev1.Task
	var nobody *source
	s := manifest.New(
		&source{err: shared}, &source{err: errors.Join(shared[1], disk)}, nil, nobody,
		manifest.FromObjects(none), manifest.FromObjects(nil), manifest.FromObjects(list),
		manifest.FromObjects(&pipelinev1.Task{ObjectMeta: named("untyped")}, task("", "nameless")),
	)
	s.Add(s)
	for _, err := range []error{s.Build(), s.Write(io.Discard), s.WriteDir(t.TempDir()), s.CheckDir(t.TempDir())} {
		assert.ErrorIs(t, err, disk)
		assert.EqualError(t, err, `main.go:4: error a: first
main.go:9: error b: second
Task "": error object-nameless: an object of kind Task has neither name nor generateName
Task "untyped": error object-untyped: an object of Go type *v1.Task has no apiVersion or no kind
	help: set its TypeMeta
TaskList "": error object-nameless: an object of kind TaskList has no metadata, so it cannot be part of a set
a file is missing
source 3 of the set is nil; remove it from the arguments of New or Add
source 4 of the set is nil; remove it from the arguments of New or Add
a source of the set returned a nil object
the set contains itself; remove it from the arguments of New or Add`)
	}
	wrapped := errors.New("outer: inner")
	assert.Equal(t, wrapped, errors.Unwrap(manifest.New(&source{err: &outer{wrapped}}).Build()), "other wrappers are kept")
}

type outer struct{ error }

func (o *outer) Unwrap() error { return o.error }

// TestRules checks that rules are applied to the whole set.
func TestRules(t *testing.T) {
	needy := task("compile", "echo $(params.flags)")
	needy.Spec.Params = pipelinev1.ParamSpecs{{Name: "flags", Type: pipelinev1.ParamTypeString}}
	err := manifest.New(
		&source{objects: []object.Object{at(1, needy)}},
		&source{objects: []object.Object{at(2, pipeline("build", "compile"))}}).Build()
	f := finding(t, err)
	assert.Equal(t, "param-missing", f.Code)
	assert.Equal(t, diag.Position{File: "main.go", Line: 2}, f.Position)
}

func TestEmptySet(t *testing.T) {
	var s manifest.Set
	require.NoError(t, s.Build())
	objects, err := s.Objects()
	require.NoError(t, err)
	assert.Empty(t, objects)
}

// TestNilSet: the methods of a nil set report it, and touch nothing.
func TestNilSet(t *testing.T) {
	var s *manifest.Set
	assert.Nil(t, s.Add().Namespace("a").Profile(check.Profile{}).Layout(manifest.Layout{}).Progress(nil).Derive())
	assert.Empty(t, s.Findings())
	dir := t.TempDir()
	_, objects := s.Objects()
	_, diagrams := s.Diagrams()
	for _, err := range []error{
		objects, diagrams, s.Build(), s.Write(io.Discard), s.WriteJSON(io.Discard), s.WriteDir(dir), s.CheckDir(dir), s.WriteSecrets(io.Discard, manifest.SecretValues{}),
	} {
		assert.ErrorContains(t, err, "the set is nil")
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
}
