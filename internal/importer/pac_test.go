package importer_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// folderOf returns the Go of the objects of a folder .tekton, and what its set writes there.
func folderOf(t *testing.T, objects []runtime.Object, x *importer.Index) (source string, results map[string]string, written []runtime.Object) {
	t.Helper()
	files := make([]string, len(objects))
	results = map[string]string{}
	for i, o := range objects {
		files[i] = ".tekton/x.yaml"
		r := importer.Import(x, o, files[i])
		require.NotNil(t, r.Func, r.Reason)
		m, _ := o.(metav1.Object)
		results[m.GetName()+m.GetGenerateName()] = r.Func.Result
	}
	file, left := importer.Package(x, objects, files)
	require.Empty(t, left)
	file.Package = "ci"
	printed, _, err := file.Print()
	require.NoError(t, err)
	s, err := plan.Run(file.Funcs[len(file.Funcs)-1])
	require.NoError(t, err)
	set, ok := s.(*manifest.Set)
	require.True(t, ok)
	dir := filepath.Join(t.TempDir(), ".tekton")
	require.NoError(t, set.WritePaC(dir))
	back, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	for _, o := range back.Objects {
		written = append(written, o.Object)
	}
	return string(printed), results, written
}

// sameFolder compares the objects of two folders, with their namespaces.
func sameFolder(t *testing.T, want, got []runtime.Object) {
	t.Helper()
	require.Len(t, got, len(want))
	key := func(o runtime.Object) string {
		m, _ := o.(metav1.Object)
		return o.GetObjectKind().GroupVersionKind().Kind + " " + m.GetNamespace() + "/" + m.GetName() + m.GetGenerateName()
	}
	by := map[string]runtime.Object{}
	for _, o := range got {
		by[key(o)] = o
	}
	for _, o := range want {
		if assert.Contains(t, by, key(o)) {
			assert.Empty(t, same.Objects(same.Prepared(o), same.Prepared(by[key(o)])), key(o))
		}
	}
}

// TestFolder shows how a folder of Pipelines-as-Code reads in Go, and that the set writes the
// same folder.
func TestFolder(t *testing.T) {
	text, err := os.ReadFile("testdata/pac.yaml")
	require.NoError(t, err)
	objects, x := parse(t, string(text), ".tekton/x.yaml")
	source, results, written := folderOf(t, objects, x)
	golden.Check(t, "testdata/pac.go.txt", []byte(source))
	assert.Equal(t, map[string]string{
		"build-push": "*pac.PipelineRun", "test-": "*pac.PipelineRun", "odd": "*builder.PipelineRun", "shared": "*builder.Pipeline",
	}, results)
	sameFolder(t, objects, written)
}

// TestFolderExamples does the same with the folders of the examples.
func TestFolderExamples(t *testing.T) {
	folders, err := filepath.Glob("../../examples/*/.tekton")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		loaded, err := manifest.Load(t.Context(), []string{folder}, manifest.LoadOptions{})
		require.NoError(t, err)
		x := importer.NewIndex()
		var objects []runtime.Object
		for _, o := range loaded.Objects {
			if o.Declared == nil {
				objects = append(objects, o.Object)
				x.Add(o.Object, ".tekton/x.yaml")
			}
		}
		_, results, written := folderOf(t, objects, x)
		for name, result := range results {
			assert.NotEqual(t, "*builder.PipelineRun", result, "%s %s", folder, name)
		}
		sameFolder(t, objects, written)
	}
}
