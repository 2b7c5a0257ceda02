package importer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// parse returns the objects of a text, in the current API versions, and an index of them.
func parse(t *testing.T, text, file string) ([]runtime.Object, *importer.Index) {
	t.Helper()
	objects, findings := manifest.Parse([]byte(text), file)
	require.NoError(t, findings.Err())
	objects, _, err := manifest.Upgrade(objects)
	require.NoError(t, err)
	x := importer.NewIndex()
	var out []runtime.Object
	for _, o := range objects {
		x.Add(o.Object, file)
		out = append(out, o.Object)
	}
	return out, x
}

// imported are the kinds that the importer translates.
var imported = []string{"Task", "StepAction", "Pipeline", "PipelineRun", "TaskRun"}

// TestExamples shows that what the examples of this repository emit is described by calls
// alone.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("../../examples/*/manifests")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	count := 0
	for _, folder := range folders {
		x := importer.NewIndex()
		files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
		require.NoError(t, err)
		var all []runtime.Object
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			objects, findings := manifest.Parse(text, file)
			require.NoError(t, findings.Err())
			for _, o := range objects {
				x.Add(o.Object, file)
				if slices.Contains(imported, o.GetObjectKind().GroupVersionKind().Kind) {
					all = append(all, o.Object)
				}
			}
		}
		for _, o := range all {
			r := importer.Import(x, o, folder)
			assert.NotNil(t, r.Func, "%s: %T: %s", folder, o, r.Reason)
			assert.Empty(t, r.Hatches, "%s: %T", folder, o)
			assert.Empty(t, r.Faults, "%s: %T", folder, o)
			count++
		}
	}
	assert.Greater(t, count, 30)
}

// TestVersions imports two pipelines that use different versions of a Task that is not imported:
// each has the inputs of its version.
func TestVersions(t *testing.T) {
	task := func(param string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: scan}\nspec: {params: [{name: " + param + "}], steps: [{name: s, image: i, args: [$(params." + param + ")]}]}\n"
	}
	pipeline := func(name, param string) string {
		return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: " + name + "}\nspec: {tasks: [{name: a, taskRef: {name: scan}, params: [{name: " + param + ", value: x}]}]}\n"
	}
	objects, x := parse(t, pipeline("p", "one")+"---\n"+pipeline("q", "two"), "p.yaml")
	for i, param := range []string{"one", "two"} {
		known, _ := parse(t, task(param), "x.yaml")
		x.Know(known[0], fmt.Sprintf("../v%d/scan.yaml", i))
	}
	file, left := importer.Package(x, objects, []string{"p.yaml", "p.yaml"})
	require.Empty(t, left)
	file.Package = "ci"
	text, _, err := file.Print()
	require.NoError(t, err)
	c, err := checker()
	require.NoError(t, err)
	require.NoError(t, c.Check(context.Background(), map[string][]byte{"ci.go": text}), string(text))
	require.Contains(t, string(text), "type Scan struct")
	require.Contains(t, string(text), "type ScanTask struct")
}
