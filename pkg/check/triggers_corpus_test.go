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
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// knownBadTriggers lists upstream examples with mistakes, and the codes of the errors
// found in each.
var knownBadTriggers = map[string][]string{
	// Its script uses a param that the template does not declare: rejected.
	"v1beta1/azurerepo/pull/azurerepo-pullrequest-listener.yaml": {"param-unknown"},
	// No binding sets $(tt.params.response), so the script echoes the literal text.
	"v1beta1/slack/slack-eventlistener-interceptor.yaml": {"param-missing"},
}

// readLoose decodes all documents of a YAML stream, as structs of known kinds unless
// loose is set.
func readLoose(t *testing.T, data []byte, loose bool) []object.Object {
	t.Helper()
	var out []object.Object
	for _, doc := range separator.Split(string(data), -1) {
		u := &unstructured.Unstructured{}
		j, err := yaml.YAMLToJSON([]byte(doc))
		require.NoError(t, err)
		if string(j) == "null" {
			continue
		}
		require.NoError(t, u.UnmarshalJSON(j))
		o := object.Object{Object: u}
		if typed := kinds.New(u.GetAPIVersion(), u.GetKind()); typed != nil && !loose {
			require.NoError(t, yaml.UnmarshalStrict([]byte(doc), typed))
			o.Object = typed
		}
		out = append(out, o)
	}
	return out
}

// TestTriggersCorpus checks the Tekton Triggers examples, as structs and as
// unstructured objects: there must be no errors unless upstream rejects them.
func TestTriggersCorpus(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/triggers").Output()
	if err != nil {
		t.Skip("cannot find the triggers module: ", err)
	}
	root := filepath.Join(strings.TrimSpace(string(dir)), "examples")
	objects, codes := 0, map[string]int{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		name = filepath.ToSlash(name)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		structs := runAll(readLoose(t, data, false), check.Profile{})
		loose := runAll(readLoose(t, data, true), check.Profile{})
		assert.Equal(t, structs, loose, name)
		objects += len(readLoose(t, data, true))
		for _, f := range loose {
			codes[f.Severity.String()+" "+f.Code]++
			if f.Severity == diag.Error && !slices.Contains(knownBadTriggers[name], f.Code) {
				t.Errorf("%s: %s\n\tat %s %s", name, f.Error(), f.Path, f.Excerpt)
			}
		}
		for _, code := range knownBadTriggers[name] {
			assert.True(t, slices.ContainsFunc(loose, func(f diag.Finding) bool { return f.Code == code }), "%s has no %s any more", name, code)
		}
		return nil
	}))
	assert.Greater(t, objects, 80)
	t.Logf("%d objects: %v", objects, codes)
}
