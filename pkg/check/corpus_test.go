package check_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// knownBad lists Tekton examples with mistakes, and the code of the one error found in
// each.
var knownBad = map[string][]string{
	// Uses a shell variable in the name of a result, which Tekton does not support.
	"v1/pipelineruns/no-ci/compressed-results-pipeline.yaml": {"variable-syntax"},
	// Passes a string with [*], which is not replaced; a default hides this.
	"v1/taskruns/stepaction-params.yaml": {"param-type"},
	// Needs default-task-run-workspace-binding in the cluster.
	"v1/taskruns/no-ci/default-workspaces.yaml": {"workspace-missing"},
}

// TestCorpusFiles checks each file of the examples of Tekton and of Tekton Triggers as
// the command tekwright check does, which reads keys and types strictly. It finds the
// same errors as the library finds in the structs.
func TestCorpusFiles(t *testing.T) {
	files := 0
	visit := func(root string, known map[string][]string) {
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			files++
			name, err := filepath.Rel(root, path)
			require.NoError(t, err)
			name = filepath.ToSlash(name)
			loaded, err := manifest.Load(t.Context(), []string{path}, manifest.LoadOptions{})
			require.NoError(t, err)
			found := append(check.Profile{}.Filter(loaded.Findings, loaded.Objects), runAll(loaded.Objects, check.Profile{})...)
			var codes []string
			for _, f := range found {
				if f.Severity != diag.Error || slices.Contains(inTheFile[name], f.Code) {
					continue
				}
				if codes = append(codes, f.Code); !slices.Contains(known[name], f.Code) {
					t.Errorf("%s: %s\n\tat %s", name, f.Error(), f.Path)
				}
			}
			for _, code := range known[name] {
				assert.Contains(t, codes, code, "%s: no longer bad", name)
			}
			return nil
		}))
	}
	visit(examples(t), knownBad)
	triggers, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/triggers").Output()
	require.NoError(t, err)
	visit(filepath.Join(strings.TrimSpace(string(triggers)), "examples"), knownBadTriggers)
	assert.Greater(t, files, 250)
}

// inTheFile lists errors in the text of a file, which a struct does not show. They are
// errors as long as keys in another case are.
var inTheFile = map[string][]string{
	// The key mountpath: the webhook decodes the embedded spec, and takes it for mountPath.
	"v1/pipelineruns/beta/isolated-workspaces.yaml": {"field-unknown"},
}

// examples returns the folder of the Tekton examples.
func examples(t testing.TB) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/pipeline").Output()
	if err != nil {
		t.Skip("cannot find the pipeline module: ", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "examples")
}

// eachExample calls visit for each Tekton example.
func eachExample(t testing.TB, visit func(name string, data []byte)) {
	t.Helper()
	root := examples(t)
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		files++
		visit(filepath.ToSlash(name), data)
		return err
	})
	require.NoError(t, err)
	require.Greater(t, files, 100, "is the folder of examples still there?")
}

// TestCorpus checks the Tekton examples: they run, so there must be no errors.
func TestCorpus(t *testing.T) {
	objects := 0
	codes := map[string]int{}
	eachExample(t, func(name string, data []byte) {
		set, err := read(data)
		require.NoError(t, err, name)
		objects += len(set)
		for _, f := range runAll(set, check.Profile{}) {
			codes[f.Severity.String()+" "+f.Code]++
			if f.Severity == diag.Error && !slices.Contains(knownBad[name], f.Code) {
				t.Errorf("%s: %s\n\tat %s", name, f.Error(), f.Path)
			}
		}
	})
	for name := range knownBad {
		data, err := os.ReadFile(filepath.Join(examples(t), filepath.FromSlash(name)))
		require.NoError(t, err)
		set, err := read(data)
		require.NoError(t, err)
		require.Error(t, runAll(set, check.Profile{}).Err(), "%s: no longer bad", name)
	}
	t.Logf("%d objects: %v", objects, codes)
}
