package crd

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
)

// schemas reads the definitions of the versions that the library is built on.
func schemas(t *testing.T) Schemas {
	t.Helper()
	s := Schemas{}
	for module, pattern := range map[string]string{
		"github.com/tektoncd/pipeline": "config/300-crds/300-*.yaml",
		"github.com/tektoncd/triggers": "config/300-*.yaml",
	} {
		cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module)
		cmd.Dir = "../.." // the library's versions count
		dir, err := cmd.Output()
		require.NoError(t, err)
		require.NoError(t, s.Add(filepath.Join(strings.TrimSpace(string(dir)), pattern)))
	}
	return s
}

// faulty are the YAML files that hold faults on purpose.
var faulty = []string{"../../pkg/manifest/testdata/mistakes"}

// TestGoldens holds every YAML file that this repository writes against the
// schemas.
func TestGoldens(t *testing.T) {
	s := schemas(t)
	total := 0
	for _, folder := range []string{"../../pkg", "../../examples"} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" || slices.ContainsFunc(faulty, func(f string) bool {
				return strings.HasPrefix(filepath.ToSlash(path), f)
			}) {
				return err
			}
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			known, err := s.Validate(string(b))
			assert.NoError(t, err, "%s", path)
			total += known
			return nil
		}))
	}
	t.Logf("%d objects", total)
	assert.Positive(t, total)
}

func TestValidate(t *testing.T) {
	s := schemas(t)
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: a\nspec:\n  steps:\n    - name: a\n      image: alpine\n"
	for name, c := range map[string]struct {
		in    string
		known int
		want  string
	}{
		"fine":                         {task, 1, ""},
		"another kind":                 {"apiVersion: v1\nkind: Secret\nbogus: 1\n", 0, ""},
		"unknown field":                {task + "      comand: [x]\n", 1, `line 1: Task: the schema has no field "spec.steps[0].comand"`},
		"wrong case":                   {task + "      workingdir: /\n", 1, `"spec.steps[0].workingdir"`},
		"wrong type":                   {"---\n" + strings.Replace(task, "alpine", "[]", 1), 1, "line 2: Task: spec.steps[0].image in body must be of type string"},
		"no YAML":                      {"a: [", 0, "line 1: "},
		"step action":                  {"apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: a}\nspec: {image: i, x: 1}\n", 1, `"spec.x"`},
		"a param without a value":      {"apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: a}\nspec:\n  taskRef: {name: t}\n  params: [{name: p, value: }]\n", 1, `spec.params[0].value in body is required`},
		"an empty value":               {"apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: a}\nspec:\n  taskRef: {name: t}\n  params: [{name: p, value: ''}]\n", 1, ""},
		"a schema that takes anything": {"apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: a}\nspec: 1\n", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			known, err := s.Validate(c.in)
			assert.Equal(t, c.known, known)
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
	assert.Error(t, Schemas{}.Add("nothing-*.yaml"))
}
