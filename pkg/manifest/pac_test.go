package manifest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const (
	tektonRun = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: NAME
  annotations:
    pipelinesascode.tekton.dev/on-event: "[pull_request]"
    pipelinesascode.tekton.dev/on-target-branch: "[main]"
    MORE
spec:
  pipelineRef:
    name: PIPELINE
`
	tektonPipeline = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  tasks:\n    - name: a\n      taskRef:\n        name: TASK\n"
	tektonTask     = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps: [{name: s, image: \"registry.local/x:1\"}]\n"
)

func tektonRunOf(name, pipeline, more string) string {
	return strings.NewReplacer("NAME", name, "PIPELINE", pipeline, "    MORE\n", more).Replace(tektonRun)
}

// pacErrors checks files below a directory, and returns the errors, and the warnings of the
// topic pac: "file:line code".
func pacErrors(t *testing.T, files map[string]string, paths ...string) []string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o600))
	}
	if paths == nil {
		paths = []string{"."}
	}
	for i := range paths {
		paths[i] = filepath.Join(root, paths[i])
	}
	loaded, err := manifest.Load(t.Context(), paths, manifest.LoadOptions{})
	require.NoError(t, err)
	found, err := check.Run(t.Context(), loaded.Objects, check.Profile{})
	require.NoError(t, err)
	all := append(slices.Clone(loaded.Findings), found...)
	all.Sort()
	out := []string{}
	for _, f := range all {
		if f.Severity.String() == "error" || strings.HasPrefix(f.Code, "pac-") && f.Severity.String() == "warning" {
			out = append(out, strings.TrimPrefix(f.Position.Start().String(), filepath.ToSlash(root)+"/")+" "+f.Code)
		}
	}
	return out
}

// TestTektonFolder shows that the files of a .tekton folder are read together, as
// Pipelines-as-Code reads them.
func TestTektonFolder(t *testing.T) {
	pipeline := strings.Replace(tektonPipeline, "TASK", "t", 1)
	for name, c := range map[string]struct {
		files map[string]string
		paths []string
		want  []string
	}{
		"references within the folder, at all levels": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", ""), ".tekton/p/p.yml": pipeline, ".tekton/t/x/t.yaml": tektonTask},
		},
		"a Task elsewhere in the repository": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", ""), ".tekton/p.yaml": pipeline, "tasks/t.yaml": tektonTask},
			want:  []string{".tekton/p.yaml:8:15 pac-reference-unknown"},
		},
		"a Task elsewhere that an annotation refers to": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", "    pipelinesascode.tekton.dev/task: tasks/t.yaml\n"), ".tekton/p.yaml": pipeline, "tasks/t.yaml": tektonTask},
		},
		"a Task that may be the one of an annotation": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", "    pipelinesascode.tekton.dev/task: git-clone\n"), ".tekton/p.yaml": pipeline},
		},
		"a Pipeline that nobody has": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "q", ""), ".tekton/p.yaml": pipeline, ".tekton/t.yaml": tektonTask},
			want:  []string{".tekton/run.yaml:10:11 pac-reference-unknown"},
		},
		"a part of the folder": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", ""), ".tekton/p.yaml": pipeline, ".tekton/t.yaml": tektonTask},
			paths: []string{".tekton/run.yaml"},
		},
		"a folder with a file that cannot be read": {
			files: map[string]string{".tekton/run.yaml": tektonRunOf("a", "p", ""), ".tekton/p.yaml": pipeline, ".tekton/t.yaml": "a: [\n"},
			want:  []string{".tekton/t.yaml:1:1 yaml-invalid"},
		},
		"the folder as the path": {
			files: map[string]string{"x/.tekton/run.yaml": tektonRunOf("a", "p", ""), "x/.tekton/p.yaml": strings.Replace(tektonPipeline, "TASK", "gone", 1)},
			paths: []string{"x/.tekton"},
			want:  []string{"x/.tekton/p.yaml:8:15 pac-reference-unknown"},
		},
		"the same name in two files, and in another folder": {
			files: map[string]string{".tekton/a.yaml": tektonRunOf("a", "p", ""), ".tekton/b.yaml": tektonRunOf("a", "p", ""), "x/.tekton/a.yaml": tektonRunOf("a", "p", ""),
				".tekton/p.yaml": pipeline + "---\n" + tektonTask, "x/.tekton/p.yaml": pipeline + "---\n" + tektonTask},
			want: []string{".tekton/b.yaml:4:9 pac-name-duplicate"},
		},
		"the same name in two files outside of a .tekton folder": {
			files: map[string]string{"docs/a.yaml": tektonRunOf("a", "p", ""), "docs/b.yaml": tektonRunOf("a", "p", "    x: other\n"), "docs/p.yaml": pipeline + "---\n" + tektonTask},
		},
		"separators with a comment": {
			files: map[string]string{".tekton/a.yaml": tektonRunOf("a", "p", "") + "---\n" + pipeline + "--- # the task\n" + tektonTask, ".tekton/b.yaml": "--- # first\n" + tektonTask},
			want:  []string{".tekton/a.yaml:21:1 pac-separator-ignored", ".tekton/b.yaml:2:1 pac-separator-ignored"},
		},
		"separators with a comment outside of a .tekton folder": {
			files: map[string]string{"docs/a.yaml": tektonRunOf("a", "p", "") + "---\n" + pipeline + "--- # the task\n" + tektonTask},
		},
		"a variable that is not quoted, in the first document and in a later one": {
			files: map[string]string{
				".tekton/a.yaml": strings.Replace(tektonRunOf("a", "p", ""), "name: p\n", "name: p\n  params:\n    - name: x\n      value: {{ revision }}\n", 1),
				".tekton/b.yaml": pipeline + "---\n" + tektonTask + "---\n" + strings.Replace(tektonRunOf("b", "p", ""), "name: p\n", "name: p\n  params:\n    - name: x\n      value: {{ revision }}\n", 1),
			},
			want: []string{".tekton/a.yaml:13:14 yaml-invalid"},
		},
		"a variable that is not quoted in a Task without annotations": {
			files: map[string]string{".tekton/a.yaml": tektonRunOf("a", "p", "") + "---\n" + pipeline, ".tekton/t.yaml": "# c\n---\n" + strings.Replace(tektonTask, `"registry.local/x:1"`, "{{ image }}", 1)},
			want:  []string{".tekton/t.yaml:7:28 yaml-invalid"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			if want == nil {
				want = []string{}
			}
			assert.Equal(t, want, pacErrors(t, c.files, c.paths...))
		})
	}
}
