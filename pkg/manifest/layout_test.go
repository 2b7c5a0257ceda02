package manifest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestLayoutKustomization(t *testing.T) {
	dir := t.TempDir()
	s := func() *manifest.Set {
		return set(task("a", "x"), run("r-", "p"), account("a")).Layout(manifest.Layout{Kustomization: true})
	}
	require.NoError(t, s().WriteDir(dir))
	assert.Equal(t, []string{"kustomization.yaml", "pipelinerun-r.yaml", "serviceaccount-a.yaml", "task-a.yaml"}, list(t, dir))
	assert.Equal(t, header+`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - serviceaccount-a.yaml
  - task-a.yaml
# pipelinerun-r.yaml: use kubectl create -f; PipelineRun "r-" has no name, so it cannot be applied
`, read(t, dir, "kustomization.yaml"))
	require.NoError(t, s().CheckDir(dir))

	var drift *manifest.DriftError
	require.ErrorAs(t, set(task("a", "x"), run("r-", "p"), account("a")).CheckDir(dir), &drift)
	assert.Equal(t, []string{"kustomization.yaml"}, drift.Extra)

	dir = t.TempDir()
	write(t, dir, "kustomization.yaml", "resources: []\n")
	assert.ErrorContains(t, s().WriteDir(dir), "was not written by tekwright")
	dir = t.TempDir()
	require.NoError(t, set().Layout(manifest.Layout{Kustomization: true}).WriteDir(dir))
	assert.Contains(t, read(t, dir, "kustomization.yaml"), "resources: []\n")
}

func TestLayoutGroup(t *testing.T) {
	dir := t.TempDir()
	objects := func() *manifest.Set { return set(task("a", "x"), run("r-", "p"), account("a"), task("b", "x")) }
	s := objects().Layout(manifest.Layout{Kustomization: true, Group: manifest.ByKind})
	require.NoError(t, s.WriteDir(dir))
	assert.Equal(t, []string{"kustomization.yaml", "pipelineruns.yaml", "serviceaccounts.yaml", "tasks.yaml"}, list(t, dir))
	assert.Contains(t, read(t, dir, "tasks.yaml"), "---\napiVersion: tekton.dev/v1\n")
	assert.NotContains(t, read(t, dir, "kustomization.yaml"), "- pipelineruns")
	back, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, labels(t, back), 4)

	some := func(o object.Object) string {
		if o.GetObjectKind().GroupVersionKind().Kind == "Task" {
			return "all of them"
		}
		return ""
	}
	require.NoError(t, objects().Layout(manifest.Layout{Group: some}).WriteDir(dir))
	assert.Equal(t, []string{"all-of-them.yaml", "pipelinerun-r.yaml", "serviceaccount-a.yaml"}, list(t, dir))

	for _, name := range []string{"kustomization", "pipelinerun-r"} {
		group := func(o object.Object) string {
			if some(o) != "" {
				return name
			}
			return ""
		}
		assert.Error(t, objects().Layout(manifest.Layout{Group: group}).WriteDir(t.TempDir()), name)
	}
	for kind, plural := range map[string]string{"Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "Task": "tasks"} {
		o := task("x", "x")
		o.Kind = kind
		assert.Equal(t, plural, manifest.ByKind(at(1, o)))
	}
}

func TestLayoutPlaces(t *testing.T) {
	s := manifest.New(&source{objects: []object.Object{at(7, task("a", "x")), at(8, account("b"))}}).Layout(manifest.Layout{Positions: true})
	var b bytes.Buffer
	require.NoError(t, s.Write(&b))
	assert.Contains(t, b.String(), header+"# main.go:8\napiVersion: v1\n")
	assert.Contains(t, b.String(), "---\n# main.go:7\napiVersion: tekton.dev/v1\n")
}

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, set(task("a", "echo <a> & \"b\"\n")).WriteJSON(&b))
	assert.Equal(t, `{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {
      "apiVersion": "tekton.dev/v1",
      "kind": "Task",
      "metadata": {
        "name": "a"
      },
      "spec": {
        "steps": [
          {
            "name": "run",
            "image": "registry.local/alpine:3",
            "script": "echo <a> & \"b\"\n"
          }
        ]
      }
    }
  ]
}
`, b.String())
	back, err := manifest.Read(&b, "list.json")
	require.NoError(t, err)
	assert.Equal(t, []string{"Task /a"}, labels(t, back))

	b.Reset()
	require.NoError(t, set().WriteJSON(&b))
	assert.True(t, json.Valid(b.Bytes()))
	require.Error(t, set().WriteJSON(nil))
	require.Error(t, set().WriteJSON(failing{}))
}

func TestEncoder(t *testing.T) {
	var b bytes.Buffer
	e := manifest.NewEncoder(&b)
	require.NoError(t, e.Encode(task("a", "x")))
	require.Error(t, e.Encode(nil))
	bad := task("bad", "\xff")
	require.Error(t, e.Encode(bad))
	require.NoError(t, e.Encode(account("b")))
	var whole bytes.Buffer
	require.NoError(t, set(account("b")).Write(&whole))
	assert.Contains(t, b.String(), "---\n"+whole.String()[len(header):])
	assert.NotContains(t, b.String(), "bad")
	require.ErrorContains(t, e.Encode(&corev1.ConfigMap{}), "set its TypeMeta")
	require.Error(t, manifest.NewEncoder(nil).Encode(account("b")))
	require.Error(t, manifest.NewEncoder(failing{}).Encode(account("b")))
}

// TestEncoderMemory checks that memory does not grow with the number of objects.
func TestEncoderMemory(t *testing.T) {
	e, o := manifest.NewEncoder(io.Discard), task("a", "x")
	takes := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range n {
			require.NoError(t, e.Encode(o))
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	takes(10) // its buffer grows to the size of the object
	assert.Less(t, takes(10_000), uint64(10_000*512), "half a KiB for each object")
}

// failing is a writer that fails.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestUnfinished tests a folder of a process that was killed while it replaced files.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	s := set(task("a", "x"), account("a"))
	require.NoError(t, s.WriteDir(dir))
	write(t, dir, ".tekwright-unfinished", "")
	write(t, dir, ".task-gone.yaml.tekwright", header)
	require.ErrorContains(t, s.CheckDir(dir), "old and new files")
	_, err := manifest.ReadDir(dir)
	require.ErrorContains(t, err, "old and new files")
	loaded, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	require.ErrorContains(t, loaded.Findings.Err(), "old and new files")
	require.NoError(t, s.WriteDir(dir))
	require.NoError(t, s.CheckDir(dir))
	assert.Equal(t, []string{"serviceaccount-a.yaml", "task-a.yaml"}, list(t, dir))

	// A read-only folder is unchanged.
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	require.NoError(t, os.Chmod(dir, 0o500))
	require.ErrorContains(t, set(task("a", "y")).WriteDir(dir), "is unchanged")
	_, err = os.Stat(filepath.Join(dir, "serviceaccount-a.yaml"))
	require.NoError(t, err)
}
