package manifest_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestUpstreamExamples reads the Tekton examples, and checks that each object is
// unchanged after it was written and read again.
func TestUpstreamExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the module cache")
	}
	var objects, refused int
	root := filepath.Join(upstreamExamples(t)[0], "v1")
	require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		s, err := manifest.Read(bytes.NewReader(b), path)
		if err != nil {
			refused++
			t.Logf("refused: %v", err)
			return nil
		}
		read, err := s.Objects()
		if err != nil {
			refused++
			t.Logf("refused: %v", err)
			return nil
		}
		for _, o := range read {
			objects++
			// The rules are not at stake here: one object at a time, as it is written.
			text, err := manifest.YAML(o)
			require.NoError(t, err)
			back, err := manifest.Read(bytes.NewReader(text), path)
			require.NoError(t, err, "%s", text)
			again, err := back.Objects()
			require.NoError(t, err)
			assert.True(t, equality.Semantic.DeepEqual(o.Object, again[0].Object), "%s\n%s", path, text)
		}
		return nil
	}))
	t.Logf("%d objects, %d files refused", objects, refused)
	assert.Greater(t, objects, 150)
	assert.LessOrEqual(t, refused, 2)
}

// upstreamExamples returns the folders of the Tekton examples.
func upstreamExamples(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, module := range []string{"pipeline", "triggers"} {
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/"+module).Output()
		require.NoError(t, err)
		dirs = append(dirs, filepath.Join(strings.TrimSpace(string(dir)), "examples"))
	}
	return dirs
}
