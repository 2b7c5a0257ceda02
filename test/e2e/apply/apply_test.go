package apply_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

const (
	old   = "docker.io/library/busybox:1.36"
	newer = "docker.io/library/busybox:1.37"
)

func TestApplyTwice(t *testing.T) {
	s := newScene(t)
	apply := func(o cluster.ApplyOptions, objects ...runtime.Object) []cluster.Change {
		t.Helper()
		changes, err := s.client.Apply(t.Context(), manifest.FromObjects(objects...), o)
		require.NoError(t, err)
		return changes
	}
	assert.Equal(t, []string{"created ConfigMap c", "created Task a"},
		told(apply(cluster.ApplyOptions{Set: "x"}, task("a", old), configMap("c", "1"))))
	first, err := s.Tekton.TektonV1().Tasks(s.namespace).Get(t.Context(), "a", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, "x", first.Labels[cluster.SetLabel])
	assert.Empty(t, first.Labels[cluster.SetNamespaceLabel])

	assert.Equal(t, []string{"unchanged ConfigMap c", "unchanged Task a"},
		told(apply(cluster.ApplyOptions{Set: "x"}, task("a", old), configMap("c", "1"))))
	again, err := s.Tekton.TektonV1().Tasks(s.namespace).Get(t.Context(), "a", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, first.ResourceVersion, again.ResourceVersion)

	dry := apply(cluster.ApplyOptions{Set: "x", DryRun: true}, task("a", newer), task("b", newer), configMap("c", "1"))
	assert.Equal(t, []string{"unchanged ConfigMap c", "configured Task a", "created Task b"}, told(dry))
	assert.Contains(t, dry[1].Diff, "-      image: "+old)
	assert.Contains(t, dry[1].Diff, "+      image: "+newer)
	again, err = s.Tekton.TektonV1().Tasks(s.namespace).Get(t.Context(), "a", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, first.ResourceVersion, again.ResourceVersion, "a dry run stores nothing")

	real := apply(cluster.ApplyOptions{Set: "x"}, task("a", newer), task("b", newer), configMap("c", "1"))
	assert.Equal(t, told(dry), told(real))
	assert.Equal(t, dry[1].Diff, real[1].Diff)
}

// TestExamples applies each example twice: what Tekton fills in is no change.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("../../../examples/*/manifests")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		name := filepath.Base(filepath.Dir(folder))
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			if _, err := s.Kind(schema.GroupVersionKind{Group: "pipelinesascode.tekton.dev", Version: "v1alpha1", Kind: "Repository"}); err != nil && name == "monorepo" {
				t.Skip("the cluster has no Pipelines-as-Code")
			}
			set, err := manifest.ReadDir(folder)
			require.NoError(t, err)
			objects, err := set.Objects()
			require.NoError(t, err)
			var source []runtime.Object
			for _, o := range objects {
				source = append(source, harness.Unstructured(t, o.Object))
			}
			source = s.move(t, source)
			o := cluster.ApplyOptions{Set: name, Prune: true}
			changes, err := s.client.Apply(t.Context(), manifest.FromObjects(source...), o)
			require.NoError(t, err)
			require.Len(t, changes, len(source))
			for _, c := range changes {
				if c.Object.Kind != "Namespace" { // the test made those
					assert.Contains(t, []cluster.Action{cluster.Created, cluster.Skipped}, c.Action, c)
				}
				assert.Empty(t, c.Warnings, c)
			}
			before := s.versions(t, source)
			again, err := s.client.Apply(t.Context(), manifest.FromObjects(source...), o)
			require.NoError(t, err)
			require.Len(t, again, len(source), "nothing is pruned")
			assert.Equal(t, before, s.versions(t, source), "nothing is written")
			for i, c := range again {
				if changes[i].Action != cluster.Skipped {
					assert.Equal(t, cluster.Unchanged, c.Action, "%s\n%s", c, c.Diff)
				}
			}
			t.Attr("objects", filepath.Base(name)+" "+strconv.Itoa(len(changes)))
		})
	}
}

// versions are the resource versions of definitions, to which no controller
// writes, and the generations of the others.
func (s *scene) versions(t *testing.T, objects []runtime.Object) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, o := range objects {
		u := harness.Unstructured(t, o)
		client, err := s.Of(u)
		require.NoError(t, err)
		if u.GetName() == "" {
			continue
		}
		live, err := client.Get(t.Context(), u.GetName(), metav1.GetOptions{})
		require.NoError(t, err)
		version := "generation " + strconv.FormatInt(live.GetGeneration(), 10)
		switch live.GetKind() {
		case "EventListener", "TaskRun", "PipelineRun", "Ingress", "ServiceAccount", "Namespace", "PersistentVolumeClaim":
		default:
			version = live.GetResourceVersion()
		}
		all[live.GetKind()+" "+live.GetNamespace()+"/"+live.GetName()] = version
	}
	return all
}

func TestPrune(t *testing.T) {
	s := newScene(t)
	apply := func(o cluster.ApplyOptions, objects ...runtime.Object) []string {
		t.Helper()
		changes, err := s.client.Apply(t.Context(), manifest.FromObjects(objects...), o)
		require.NoError(t, err)
		return told(changes)
	}
	x := cluster.ApplyOptions{Set: "x", Prune: true}
	run := run("r", old)
	apply(x, task("a", old), configMap("c", "1"), claim("data"), run)
	apply(cluster.ApplyOptions{Set: "y"}, configMap("of-y", "1"))
	apply(cluster.ApplyOptions{}, configMap("of-none", "1"))
	// A copy by hand has the label, and is nobody's of ours.
	copied := configMap("copy", "1")
	copied.Labels = map[string]string{cluster.SetLabel: "x"}
	_, err := s.Core.CoreV1().ConfigMaps(s.namespace).Create(t.Context(), copied, metav1.CreateOptions{})
	require.NoError(t, err)

	want := []string{"unchanged Task a", "kept TaskRun r", "kept PersistentVolumeClaim data", "pruned ConfigMap c"}
	x.DryRun = true
	assert.Equal(t, want, apply(x, task("a", old)))
	_, err = s.Core.CoreV1().ConfigMaps(s.namespace).Get(t.Context(), "c", metav1.GetOptions{})
	require.NoError(t, err, "a dry run deletes nothing")
	x.DryRun = false
	assert.Equal(t, want, apply(x, task("a", old)))

	left, err := s.Core.CoreV1().ConfigMaps(s.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	var names []string
	for _, c := range left.Items {
		if c.Name != "kube-root-ca.crt" {
			names = append(names, c.Name)
		}
	}
	assert.Equal(t, []string{"copy", "of-none", "of-y"}, names)
}

// TestPruneOfTheCluster shows that sets of one name in two namespaces keep
// apart, also where they have objects that are in none.
func TestPruneOfTheCluster(t *testing.T) {
	one, two := newScene(t), newScene(t)
	o := cluster.ApplyOptions{Set: "x", Prune: true}
	role := func(s *scene) runtime.Object {
		r := clusterRole(s.namespace + "-reader")
		t.Cleanup(func() { s.Removed(t, harness.Unstructured(t, r)) })
		return r
	}
	for _, s := range []*scene{one, two} {
		changes, err := s.client.Apply(t.Context(), manifest.FromObjects(configMap("c", "1"), role(s)), o)
		require.NoError(t, err)
		assert.Equal(t, []string{"created ConfigMap c", "created ClusterRole " + s.namespace + "-reader"}, told(changes))
	}
	changes, err := one.client.Apply(t.Context(), manifest.FromObjects(configMap("c", "1")), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"unchanged ConfigMap c", "pruned ClusterRole " + one.namespace + "-reader"}, told(changes))
	_, err = two.Core.RbacV1().ClusterRoles().Get(context.Background(), two.namespace+"-reader", metav1.GetOptions{})
	assert.NoError(t, err)
}

// TestKindOfItsOwn applies a kind and an object of it as one set.
func TestKindOfItsOwn(t *testing.T) {
	s := newScene(t)
	group := s.namespace + ".example.com"
	crd := free("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets."+group, map[string]any{"spec": map[string]any{
		"group": group, "scope": "Namespaced", "names": map[string]any{"kind": "Widget", "plural": "widgets"},
		"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": map[string]any{
			"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}},
	}})
	t.Cleanup(func() { s.Removed(t, crd) })
	widget := free(group+"/v1", "Widget", "w", map[string]any{"spec": map[string]any{"size": int64(1)}})
	changes, err := s.client.Apply(t.Context(), blind(widget, crd), cluster.ApplyOptions{DryRun: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"created CustomResourceDefinition widgets." + group, "skipped Widget w"}, told(changes))
	o := cluster.ApplyOptions{Set: "x", Prune: true}
	changes, err = s.client.Apply(t.Context(), blind(widget, crd), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"created CustomResourceDefinition widgets." + group, "created Widget w"}, told(changes))
	changes, err = s.client.Apply(t.Context(), blind(widget, crd), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"unchanged CustomResourceDefinition widgets." + group, "unchanged Widget w"}, told(changes))
}

// TestMany applies a set of many objects, as an organisation has them.
func TestMany(t *testing.T) {
	s := newScene(t)
	var objects []runtime.Object
	for i := range 100 {
		objects = append(objects, task("t-"+strconv.Itoa(i), newer))
	}
	changes, err := s.client.Apply(t.Context(), manifest.FromObjects(objects...), cluster.ApplyOptions{Set: "x"})
	require.NoError(t, err)
	assert.Len(t, changes, 100)
	changes, err = s.client.Apply(t.Context(), manifest.FromObjects(objects[:1]...), cluster.ApplyOptions{Set: "x", Prune: true})
	require.NoError(t, err)
	assert.Len(t, changes, 100)
	assert.Equal(t, cluster.Pruned, changes[99].Action)
}
