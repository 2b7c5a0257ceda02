package rendered_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/rendered"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// render writes files and renders their kustomizations. Names of files are relative.
func render(t *testing.T, files map[string]string) (string, rendered.Result) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	loaded, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	r, err := rendered.Kustomizations(t.Context(), loaded, []string{dir}, nil, nil)
	require.NoError(t, err)
	return filepath.ToSlash(dir) + "/", r
}

const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec: {steps: [{name: s, image: registry.local/a:1}]}\n"

// TestOverlays renders a base by two overlays, which patch it.
func TestOverlays(t *testing.T) {
	overlay := func(name string) string {
		return "resources: [../../base]\nnamespace: " + name + "\n" +
			"patches: [{patch: '[{op: add, path: /spec/description, value: " + name + "}]', target: {kind: Task}}]\n" +
			"secretGenerator: [{name: token, literals: [value=hidden-value]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n"
	}
	dir, r := render(t, map[string]string{
		"base/kustomization.yaml": "resources: [task.yaml]\n", "base/task.yaml": task,
		"overlays/dev/kustomization.yaml": overlay("dev"), "overlays/prod/kustomization.yaml": overlay("prod"),
		"other.yaml": strings.ReplaceAll(task, "name: build", "name: other"),
	})
	assert.Empty(t, r.Notes)
	assert.Equal(t, map[string]bool{dir + "base/task.yaml": true}, r.Replaced)
	require.Len(t, r.Bases, 1)
	assert.Equal(t, dir+"base/task.yaml", r.Bases[0].At.File)
	assert.Equal(t, []string{dir + "overlays/dev/kustomization.yaml", dir + "overlays/prod/kustomization.yaml"}, r.Bases[0].By)
	var got []string
	for _, o := range r.Objects {
		switch x := o.Object.Object.(type) {
		case *v1.Task:
			got = append(got, fmt.Sprint(x.Namespace, " ", x.Name, " ", x.Spec.Description, " ", x.Spec.Steps[0].Image))
		case *corev1.Secret:
			got = append(got, fmt.Sprint(x.Namespace, " ", x.Name, " ", len(x.Data), " ", len(x.Data["value"])))
		}
		got = append(got, strings.TrimPrefix(o.Kustomization, dir)+" "+strings.TrimPrefix(o.Source, dir)+" "+strings.TrimPrefix(o.File, dir))
	}
	assert.Equal(t, []string{
		"dev build dev registry.local/a:1", "overlays/dev/kustomization.yaml base/task.yaml overlays/dev/task.yaml",
		"dev token 1 0", "overlays/dev/kustomization.yaml  overlays/dev/generated.yaml",
		"prod build prod registry.local/a:1", "overlays/prod/kustomization.yaml base/task.yaml overlays/prod/task.yaml",
		"prod token 1 0", "overlays/prod/kustomization.yaml  overlays/prod/generated.yaml",
	}, got)
}

// TestNotRendered has kustomizations that are not rendered, or not whole.
func TestNotRendered(t *testing.T) {
	dir, r := render(t, map[string]string{
		"a/kustomization.yaml": "resources: [task.yaml, 'https://git.example.com/x.yaml']\n", "a/task.yaml": task,
		"b/kustomization.yaml": "resources: [task.yaml]\npatches: [{patch: '[{op: remove, path: /spec/nothing}]', target: {kind: Task}}]\n", "b/task.yaml": task,
		".tekton/kustomization.yaml": "resources: [task.yaml]\n", ".tekton/task.yaml": task,
		"cluster/kustomization.yaml": "resources: [role.yaml]\n",
		"cluster/role.yaml":          "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
	})
	require.Len(t, r.Notes, 2)
	assert.Contains(t, r.Notes[0].Text, "the kustomization is rendered without https://git.example.com/x.yaml")
	assert.Contains(t, r.Notes[1].Text, "its resources are imported as they are: ")
	assert.Equal(t, map[string]bool{dir + "a/task.yaml": true}, r.Replaced)
	assert.Len(t, r.Objects, 1)
}

// TestHelmTemplate quotes the folder.
func TestHelmTemplate(t *testing.T) {
	assert.Equal(t, "helm template charts/ci | tekwright import -", rendered.HelmTemplate("charts/ci"))
	assert.Equal(t, `helm template '$(x) it'\''s' | tekwright import -`, rendered.HelmTemplate("$(x) it's"))
}
