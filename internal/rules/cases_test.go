package rules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// caseFiles returns the cases of all rules, by file.
func caseFiles(t *testing.T) map[string][]*testCase {
	t.Helper()
	files, err := filepath.Glob("*/*.yaml")
	require.NoError(t, err)
	all := map[string][]*testCase{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		file = filepath.ToSlash(file)
		all[file] = casesOf(file, string(text))
	}
	return all
}

// TestCases runs the cases of all rules. A failure shows the correct comments. To
// rewrite them:
//
//	TEKWRIGHT_UPDATE='*' go test ./internal/rules
func TestCases(t *testing.T) {
	for file, cases := range caseFiles(t) {
		t.Run(file, func(t *testing.T) {
			var out []string
			for _, c := range cases {
				require.Empty(t, c.faults, "%s: %s", file, c.name)
				objects, _ := c.parse(c.lines)
				before := c.contents(c.lines)
				found, err := c.run()
				require.NoError(t, err)
				missing, unwanted := c.judge(found)
				for _, f := range unwanted {
					t.Logf("not wanted: %v", f)
				}
				out = append(out, "### "+c.name)
				out = append(out, c.corrected(missing, unwanted)...)

				for _, f := range found {
					wellFormed(t, f)
				}
				again, err := check.Run(context.Background(), objects, c.profile)
				require.NoError(t, err)
				assert.Subset(t, found, again, "%s: not the same again", c.name)
				var after strings.Builder
				for _, o := range objects {
					after.WriteString(jsonOf(o.Object) + "\n")
				}
				assert.True(t, strings.HasPrefix(before, after.String()), "%s: an object was changed", c.name)
			}
			golden.Check(t, file, []byte(strings.Join(out, "\n")))
		})
	}
}

// TestHelp compares the help and the related messages of all findings in all cases,
// which the "# want" comments do not include, with a golden file.
func TestHelp(t *testing.T) {
	var out strings.Builder
	cases := caseFiles(t)
	for _, file := range slices.Sorted(maps.Keys(cases)) {
		for _, c := range cases[file] {
			found, err := c.run()
			require.NoError(t, err)
			fmt.Fprintf(&out, "%s: %s\n", file, c.name)
			for _, f := range found {
				fmt.Fprintf(&out, "  %s: %s\n", f.Code, f.Help)
				for _, r := range f.Related {
					fmt.Fprintf(&out, "    %s\n", r.Message)
				}
			}
		}
	}
	golden.Check(t, "testdata/help.txt", []byte(out.String()))
}

func jsonOf(o runtime.Object) string {
	text, err := json.Marshal(o)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// wellFormed checks the texts of a finding for the form that all findings have.
func wellFormed(t *testing.T, f diag.Finding) {
	t.Helper()
	texts := []string{f.Message, f.Help}
	for _, r := range f.Related {
		texts = append(texts, r.Message)
		assert.NotEmpty(t, r.Message, "%v", f)
	}
	for _, s := range texts {
		assert.False(t, strings.HasSuffix(s, "."), "ends with a full stop: %s", s)
		assert.NotContains(t, s, "%!", s)
		assert.NotContains(t, s, "\n", s)
	}
	assert.NotEmpty(t, f.Code)
	assert.NotEmpty(t, f.Message)
	assert.NotEqual(t, "internal", f.Code, "a rule crashed: %v", f)
	if r, ok := check.Lookup(f.Code); assert.True(t, ok, "no rule: %v", f) && r.Run != nil {
		assert.NotEmpty(t, f.Object.Kind, "%v", f)
	}
}

// TestForms checks that the rules find the same in typed and in unstructured objects.
func TestForms(t *testing.T) {
	compared := 0
	for file, cases := range caseFiles(t) {
		for _, c := range cases {
			objects, read := c.parse(c.lines)
			if read.Err() != nil {
				continue // some documents are not objects
			}
			want, err := check.Run(context.Background(), objects, c.profile)
			require.NoError(t, err)
			if slices.ContainsFunc(want, func(f diag.Finding) bool { return f.Code == "version-unknown" }) {
				continue // the YAML reader treats it as an existing version
			}
			got, err := check.Run(context.Background(), loose(t, c, objects), c.profile)
			require.NoError(t, err)
			assert.Equal(t, want.Error(), got.Error(), "%s: %s", file, c.name)
			compared++
		}
	}
	assert.Greater(t, compared, 100)
}

// loose returns the objects of a case as unstructured objects, with their positions.
func loose(t *testing.T, c *testCase, objects []object.Object) []object.Object {
	t.Helper()
	var out []object.Object
	for _, doc := range documents(c.lines) {
		text, err := yaml.YAMLToJSON([]byte(doc))
		require.NoError(t, err, c.name)
		if string(text) == "null" {
			continue
		}
		u := &unstructured.Unstructured{}
		require.NoError(t, u.UnmarshalJSON(text), c.name)
		require.Less(t, len(out), len(objects), c.name)
		out = append(out, object.Object{Object: u, Locate: objects[len(out)].Locate, Adjust: objects[len(out)].Adjust, Ignores: objects[len(out)].Ignores})
	}
	require.Len(t, out, len(objects), c.name)
	return out
}

// documents returns the texts between lines of three dashes.
func documents(lines []string) []string {
	var out []string
	for len(lines) > 0 {
		end := slices.IndexFunc(lines, func(l string) bool { return l == "---" || strings.HasPrefix(l, "--- #") })
		if end < 0 {
			end = len(lines)
		}
		out = append(out, strings.Join(lines[:end], "\n"))
		lines = lines[min(end+1, len(lines)):]
	}
	return out
}

// TestJudge checks that missing and superfluous wants are found and corrected.
func TestJudge(t *testing.T) {
	const text = `### params
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: gone}]   # want param-unused "gone" param-unused "gone"
  steps:
    - name: s
      image: "x:1"
      script: |   # want+9 param-unknown "no"
        echo $(params.a)
        echo $(params.b)
`
	cases := casesOf("params/param-unused.yaml", text)
	require.Len(t, cases, 1)
	found, err := cases[0].run()
	require.NoError(t, err)
	missing, unwanted := cases[0].judge(found)
	assert.Equal(t, []int{1, 2}, missing)
	require.Len(t, unwanted, 2)
	assert.Equal(t, strings.NewReplacer(
		` param-unused "gone" param-unused "gone"`, ` param-unused "gone"`,
		"+9 param-unknown \"no\"", "+1 param-unknown `"+unwanted[0].Message+"`   # want+2 param-unknown `"+unwanted[1].Message+"`",
	).Replace(text), "### params\n"+strings.Join(cases[0].corrected(missing, unwanted), "\n"))

	assert.Len(t, casesOf("a.yaml", "### a\na: b   # want it all\n")[0].faults, 1)
	assert.Len(t, casesOf("a.yaml", "### a\n# profile: {compleet: true}\n")[0].faults, 1)
	assert.NotEmpty(t, casesOf("a.yaml", "a: b\n### a\n")[0].faults)
}
