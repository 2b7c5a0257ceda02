package project_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
)

// overlays are a Task with a comment, and two overlays that patch it.
var overlays = map[string]string{
	"base/kustomization.yaml": "resources: [task.yaml, secret.yaml]\n",
	"base/task.yaml": "# The Task builds.\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec:\n  steps:\n" +
		"    # It is slow.\n    - name: s\n      image: registry.local/a:1\n      command: [a]\n",
	"base/secret.yaml":                "apiVersion: v1\nkind: Secret\nmetadata: {name: hook}\nstringData: {token: Zx81-Kestrel-Quartz}\n",
	"overlays/dev/kustomization.yaml": "resources: [../../base]\npatches: [{patch: '[{op: replace, path: /spec/steps/0/image, value: \"registry.local/a:dev\"}]', target: {kind: Task}}]\n",
	"overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{patch: '[{op: replace, path: /spec/steps/0/image, value: \"registry.local/a:prod\"}]', target: {kind: Task}}]\n" +
		"configMapGenerator: [{name: c, literals: [token=Zx81-Kestrel-Quartz]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n",
	"broken/kustomization.yaml": "resources: [other.yaml]\npatches: [{patch: '[{op: remove, path: /spec/nothing}]', target: {kind: Task}}]\n",
	"broken/other.yaml":         "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: other}\nspec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}\n",
}

// TestKustomizations imports what two overlays make of a Task, and a kustomization that cannot
// be rendered as its resources are.
func TestKustomizations(t *testing.T) {
	dir := folder(t, overlays)
	s, p := made(t, options, dir)
	all := map[string]string{}
	for _, f := range p.Files {
		all[f.Name] = string(f.Text)
		assert.NotContains(t, string(f.Text), "Kestrel", f.Name)
	}
	for _, name := range []string{"dev", "prod"} {
		assert.Contains(t, all["overlays/"+name+"/task_build.go"], `"registry.local/a:`+name+`"`)
		assert.Contains(t, all["overlays/"+name+"/task_build.go"], "// The Task builds.")
		assert.Contains(t, all["overlays/"+name+"/task_build.go"], "// It is slow.")
		assert.Contains(t, all["overlays/"+name+"/testdata/import/overlays/"+name+"/task.yaml"], "registry.local/a:"+name)
	}
	assert.Contains(t, all, "task_other.go", slices.Sorted(maps.Keys(all)))
	assert.NotContains(t, all, "task_build.go")
	sum := project.Summarize("ci", s, p, &project.Changes{}, nil, nil)
	require.Len(t, sum.Kustomizations, 3)
	assert.Contains(t, sum.Kustomizations[0].Why, "its resources are imported as they are")
	assert.Equal(t, []bool{false, true, true}, []bool{sum.Kustomizations[0].Rendered, sum.Kustomizations[1].Rendered, sum.Kustomizations[2].Rendered})

	// The report has files that exist.
	by := map[string]int{}
	for _, o := range p.Objects {
		assert.FileExists(t, filepath.Join(dir, o.File))
		by[o.Kustomization]++
	}
	assert.Equal(t, map[string]int{"": 1, "overlays/dev/kustomization.yaml": 2, "overlays/prod/kustomization.yaml": 3}, by)

	// The Go describes the copies, as the test of the package compares them.
	out := filepath.Join(t.TempDir(), "ci")
	write(t, out, dir)
	for _, part := range project.Packages(s) {
		originals, err := proof.Read(t.Context(), filepath.Join(out, part.Dir, "testdata", "import"))
		require.NoError(t, err)
		assert.Empty(t, proof.Compare(originals.Objects, part.Objects, proof.Options{}))
	}

	// The index is read as it is.
	as, err := project.Read(t.Context(), []string{dir}, project.ReadOptions{AsTheyAre: true})
	require.NoError(t, err)
	assert.Empty(t, as.Rendered.Rendered)
	assert.Len(t, as.Documents, 3)
}
