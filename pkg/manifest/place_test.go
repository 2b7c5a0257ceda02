package manifest_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// scalars calls visit for each scalar of a JSON value.
func scalars(path diag.Path, v any, visit func(path diag.Path, v any)) {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			scalars(path.Key(k), item, visit)
		}
	case []any:
		for i, item := range v {
			scalars(path.Index(i), item, visit)
		}
	default:
		visit(path, v)
	}
}

// content returns the JSON of an object.
func content(t *testing.T, o object.Object) map[string]any {
	t.Helper()
	if u, ok := o.Object.(*unstructured.Unstructured); ok {
		return u.Object
	}
	b, err := json.Marshal(o.Object)
	if err != nil {
		require.ErrorContains(t, err, "impossible ParamValues.Type") // a param without a value
		return nil
	}
	var m map[string]any
	require.NoError(t, json.Unmarshal(b, &m))
	return m
}

// textAt returns the text at a position.
func textAt(t *testing.T, lines []string, p diag.Position) string {
	t.Helper()
	require.LessOrEqual(t, p.Line, len(lines), p)
	require.LessOrEqual(t, p.Column-1, len([]rune(lines[p.Line-1])), p)
	return string([]rune(lines[p.Line-1])[p.Column-1:])
}

// TestPlaces checks that the positions of all values, and of parts of them, in the
// manifests of the examples are correct.
func TestPlaces(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/manifests/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	count, parts := 0, 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		lines := strings.Split(string(b), "\n")
		objects, found := manifest.Parse(b, file)
		require.Empty(t, found)
		for _, o := range objects {
			scalars(diag.Path{}, content(t, o), func(path diag.Path, v any) {
				if v == nil || v == "" || path.Last().Name == "creationTimestamp" {
					return
				}
				here := textAt(t, lines, o.At(path))
				text := fmt.Sprint(v)
				switch {
				case v == "": // encoding/json writes fields that are not there
				case strings.HasPrefix(here, "|"):
					assert.True(t, path.Last().Name == "script" || strings.Contains(text, "\n"), path.String())
				case strings.HasPrefix(here, "'"):
					assert.True(t, strings.HasPrefix(here[1:], strings.ReplaceAll(text, "'", "''")), "%s %s: %s", file, path, here)
				case strings.HasPrefix(here, `"`):
					assert.Equal(t, strconv.Quote(text)[:3], here[:3])
				default:
					if !strings.HasPrefix(here, text) && o.At(path).IsValid() {
						// a value that Go writes otherwise: 1h0m0s for 1h
						assert.Regexp(t, `^(\d+[hms]|\d|\.\.\.)|^[a-zA-Z]+:$`, here, "%s %s: %v", file, path, v)
					}
				}
				count++
				for part := range strings.FieldsSeq(text) {
					_, keep := o.Adjust(diag.Finding{Path: path, Excerpt: part})
					assert.True(t, keep)
					at := o.Find(path, part)
					assert.True(t, strings.HasPrefix(textAt(t, lines, at), part) ||
						strings.HasPrefix(here, `"`) || strings.HasPrefix(here, "'"), "%s %s %s: %s", file, path, part, at)
					parts++
				}
			})
		}
	}
	t.Logf("%d values, %d parts", count, parts)
	assert.Greater(t, count, 1000)
}

// TestParseExamples parses the Tekton examples, which have two known mistakes.
func TestParseExamples(t *testing.T) {
	var faults []string
	count := 0
	for _, dir := range upstreamExamples(t) {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			objects, found := manifest.Parse(b, filepath.Base(path))
			count += len(objects)
			for _, f := range found {
				faults = append(faults, f.Error())
			}
			return nil
		}))
	}
	t.Logf("%d objects\n%s", count, strings.Join(faults, "\n"))
	assert.Greater(t, count, 400)
}

// TestMistakesRead checks objects with mistakes: the rules see the rest of each
// object, and nothing is reported twice.
func TestMistakesRead(t *testing.T) {
	objects, found := manifest.Parse([]byte(`apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: 8080
  labels: {on: yes}
spec:
  step:
    - name: a
      image: docker.io/library/busybox:1.37
      args: -x
      env: {A: b}
      script: echo $(params.x)
      timeout: 1d
    -
`), "t.yaml")
	require.Len(t, objects, 1)
	assert.Len(t, found, 8, "%v", found)
	m := content(t, objects[0])
	assert.Equal(t, "8080", m["metadata"].(map[string]any)["name"])
	assert.Equal(t, map[string]any{"true": "yes"}, m["metadata"].(map[string]any)["labels"])
	steps := m["spec"].(map[string]any)["steps"].([]any)
	require.Len(t, steps, 2)
	assert.Equal(t, []any{"-x"}, steps[0].(map[string]any)["args"])
	assert.Equal(t, "t.yaml:12:15", objects[0].At(diag.Fields("spec", "steps").Index(0).Field("script")).String())
	for path, keep := range map[string]bool{
		"spec.steps[0].script":     true,
		"spec.steps[0].env":        false, // findings about it follow from the mistake
		"spec.steps[0].env[0]":     false,
		"spec.steps[0].timeout":    false,
		"spec.steps[0].timeouting": true,
		"spec.steps[1].image":      false,
		"spec.steps[0]":            true,
	} {
		_, kept := objects[0].Adjust(diag.Finding{Path: pathOf(t, path)})
		assert.Equal(t, keep, kept, path)
	}
}
