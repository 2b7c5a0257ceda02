package bind_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/importer/compile"
)

// TestCorpus binds every Task and StepAction of the folders in TEKWRIGHT_CORPUS, in each way,
// and type-checks the Go.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("TEKWRIGHT_CORPUS")
	if corpus == "" {
		t.Skip("TEKWRIGHT_CORPUS names no folders")
	}
	library, err := filepath.Abs("../..")
	require.NoError(t, err)
	checker := compile.New(library)
	t.Chdir(t.TempDir())
	for _, root := range filepath.SplitList(corpus) {
		files, types, unread := 0, 0, 0
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !d.Type().IsRegular() || !bind.IsYAML(path) {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(text, []byte("tekton.dev/")) || !bytes.Contains(text, []byte("kind: Task")) && !bytes.Contains(text, []byte("kind: StepAction")) {
				return err
			}
			for _, by := range []bind.By{bind.Local, bind.Existing, bind.Resolver} {
				o := bind.Options{Sources: []string{path}, By: by, Package: "ci", Output: "bound.go"}
				if by == bind.Resolver {
					o.Like = "git+https://example.com/r@main:{path}"
				}
				r, err := bind.Plan(context.Background(), o)
				if err != nil {
					if by == bind.Local && !strings.Contains(err.Error(), "has no Task and no StepAction") {
						unread++
						t.Logf("%s: %v", path, err)
					}
					return nil
				}
				if err := checker.Check(context.Background(), map[string][]byte{"bound.go": r.Files[len(r.Files)-1].Text}); err != nil {
					t.Errorf("%s %s: %v", path, by, err)
				}
				if by == bind.Local {
					files, types = files+1, types+r.Types
				}
			}
			return nil
		}))
		t.Logf("%s: %d files, %d types, %d files that cannot be bound", root, files, types, unread)
	}
}
