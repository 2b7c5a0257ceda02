// Package admission_test shows that a live Tekton admits what the library
// writes, and stores what it says.
package admission_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// param is what an event fills in.
var param = regexp.MustCompile(`\$\((tt\.params\.[^)]+|uid)\)`)

func TestMain(m *testing.M) { harness.Main(m) }

// TestExamples applies every example twice, and reads back what it has written.
func TestExamples(t *testing.T) {
	c := harness.Get(t)
	c.Versions(t)
	folders, err := filepath.Glob("../../../examples/*/manifests")
	require.NoError(t, err)
	// The monorepo has an object of Pipelines-as-Code, which the cluster need not have.
	folders = slices.DeleteFunc(folders, func(f string) bool { return strings.Contains(f, "monorepo") })
	require.Len(t, folders, 6)
	for _, folder := range folders {
		t.Run(filepath.Base(filepath.Dir(folder)), func(t *testing.T) {
			t.Parallel()
			objects := c.Move(t, c.Namespace(t), folderObjects(t, folder))
			twice(t, c, objects)
			for _, o := range objects {
				templates(t, c, o)
				upgraded(t, c, o)
			}
		})
	}
}

// TestCatalogue does so with every task of the catalogue, alone.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	set := manifest.New(
		builder.Define(tasks.GitClone{}), builder.Define(tasks.GoTest{}), builder.Define(tasks.GoBuild{}),
		builder.Define(tasks.ImageTag{}), builder.Define(tasks.DockerBuild{}), builder.Define(tasks.Kaniko{}),
		builder.Define(tasks.BuildKit{}), builder.Define(tasks.HelmDeploy{}), builder.Define(tasks.HelmRollback{}),
		builder.Define(tasks.KubectlApply{}), builder.Define(tasks.GitOpsUpdate{}), builder.Define(tasks.ChangedPaths{}), builder.Define(tasks.Buildah{}), builder.Define(tasks.Ko{}), builder.Define(tasks.CosignSign{}), builder.Define(tasks.KustomizeApply{}), builder.Define(tasks.GoLint{}), builder.Define(tasks.ImageCopy{}), builder.Define(tasks.Notify{}), builder.Define(tasks.GitTag{}), builder.Define(tasks.CommitStatus{}))
	var text strings.Builder
	require.NoError(t, set.Write(&text))
	objects := harness.Decode(t, text.String())
	require.Len(t, objects, 21)
	twice(t, c, c.Move(t, c.Namespace(t), objects))
}

// folderObjects are the objects of a folder, as they are written there.
func folderObjects(t *testing.T, folder string) []*unstructured.Unstructured {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.yaml")
	require.NoError(t, err)
	written := map[string]*unstructured.Unstructured{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, o := range harness.Decode(t, string(text)) {
			written[name(o)] = o
		}
	}
	set, err := manifest.ReadDir(folder)
	require.NoError(t, err)
	ordered, err := set.Objects()
	require.NoError(t, err)
	var out []*unstructured.Unstructured
	for _, o := range ordered {
		if o.Declared != nil {
			continue
		}
		u := written[name(harness.Unstructured(t, o.Object))]
		require.NotNil(t, u)
		out = append(out, u)
	}
	require.Len(t, out, len(written))
	return out
}

func name(o *unstructured.Unstructured) string {
	return strings.Join([]string{o.GetKind(), o.GetNamespace(), o.GetName(), o.GetGenerateName()}, "/")
}

// twice applies the objects twice: they are admitted, the second time changes
// nothing, and what is stored is what was sent, but for known defaults.
func twice(t *testing.T, c *harness.Cluster, objects []*unstructured.Unstructured) {
	t.Helper()
	apply := func() []cluster.Change {
		t.Helper()
		var send []runtime.Object
		for _, o := range objects {
			send = append(send, o.DeepCopy())
		}
		changes, err := c.Client.Apply(t.Context(), manifest.FromObjects(send...), cluster.ApplyOptions{})
		require.NoError(t, err)
		require.Len(t, changes, len(objects))
		return changes
	}
	for _, change := range apply() {
		if change.Object.Kind != "Namespace" {
			assert.Contains(t, []cluster.Action{cluster.Created, cluster.Skipped}, change.Action, change)
		}
		assert.Empty(t, change.Warnings, change)
	}
	for _, o := range objects {
		seen(t, c, o)
	}
	first := stored(t, c, objects)
	for _, change := range apply() {
		assert.Contains(t, []cluster.Action{cluster.Unchanged, cluster.Skipped}, change.Action, change)
		assert.Empty(t, change.Diff, change)
	}
	second := stored(t, c, objects)
	defaults := knownDefaults(t)
	for i, sent := range objects {
		a, b := first[i], second[i]
		assert.Equal(t, a.GetGeneration(), b.GetGeneration(), name(sent))
		if !acted[sent.GetKind()] {
			assert.Equal(t, a.GetResourceVersion(), b.GetResourceVersion(), name(sent))
		}
		d := harness.Compare(sent.Object, b.Object)
		assert.Empty(t, d.Lost, name(sent))
		for path, value := range d.Added {
			assert.True(t, known(defaults.Added[sent.GetKind()], path, value), "%s: %s: %s has come: no known default", name(sent), path, value)
		}
		for path, how := range d.Spelt {
			assert.Contains(t, defaults.Spelt[sent.GetKind()], path, "%s: %s", name(sent), how)
		}
	}
}

// acted are the kinds that controllers write to at any time: their resource
// version says nothing.
var acted = map[string]bool{"PipelineRun": true, "TaskRun": true, "EventListener": true, "PersistentVolumeClaim": true,
	"Namespace": true, "ServiceAccount": true}

// seen waits until Tekton has given a run its labels: what it does at the same
// time as Apply would count as a change.
func seen(t *testing.T, c *harness.Cluster, run *unstructured.Unstructured) {
	t.Helper()
	if !harness.IsRun(run) || run.GetName() == "" {
		return
	}
	objects, err := c.Of(run)
	require.NoError(t, err)
	err = wait.PollUntilContextTimeout(t.Context(), 200*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		now, err := objects.Get(ctx, run.GetName(), metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		return now.GetLabels()["tekton.dev/pipeline"]+now.GetLabels()["tekton.dev/task"] != "", nil
	})
	require.NoError(t, err, name(run))
}

func stored(t *testing.T, c *harness.Cluster, objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	var out []*unstructured.Unstructured
	for _, o := range objects {
		of, err := c.Of(o)
		require.NoError(t, err)
		if o.GetName() == "" { // Apply leaves it to Start
			made, err := c.DryRun(t.Context(), o)
			require.NoError(t, err)
			out = append(out, made)
			continue
		}
		now, err := of.Get(t.Context(), o.GetName(), metav1.GetOptions{})
		require.NoError(t, err)
		out = append(out, now)
	}
	return out
}

// templates asks for the verdict on what a TriggerTemplate creates, with some
// text for each of its params: admission does not look at it.
func templates(t *testing.T, c *harness.Cluster, o *unstructured.Unstructured) {
	t.Helper()
	if o.GetKind() != "TriggerTemplate" {
		return
	}
	resources, _, err := unstructured.NestedSlice(o.Object, "spec", "resourcetemplates")
	require.NoError(t, err)
	require.NotEmpty(t, resources)
	for _, r := range resources {
		data, err := yaml.Marshal(r)
		require.NoError(t, err)
		for _, made := range harness.Decode(t, param.ReplaceAllString(string(data), "value")) {
			made.SetNamespace(o.GetNamespace())
			_, err := c.DryRun(t.Context(), made)
			assert.NoError(t, err, name(o))
		}
	}
}

// upgraded reads the object as v1beta1, which the cluster converts, and shows
// that Upgrade makes of that what was sent.
func upgraded(t *testing.T, c *harness.Cluster, sent *unstructured.Unstructured) {
	t.Helper()
	if sent.GetAPIVersion() != "tekton.dev/v1" || sent.GetName() == "" {
		return
	}
	old := sent.DeepCopy()
	old.SetAPIVersion("tekton.dev/v1beta1")
	objects, err := c.Of(old)
	require.NoError(t, err)
	old, err = objects.Get(t.Context(), sent.GetName(), metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, "tekton.dev/v1beta1", old.GetAPIVersion())
	made, _, err := manifest.Upgrade([]object.Object{{Object: old}})
	require.NoError(t, err, name(sent))
	require.Len(t, made, 1)
	d := harness.Compare(sent.Object, harness.Unstructured(t, made[0].Object).Object)
	assert.Empty(t, d.Lost, name(sent))
}
