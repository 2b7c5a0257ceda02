package project_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
)

// TestTekton imports folders of Pipelines-as-Code: each run becomes one of package pac, and the
// set writes files with the same bytes.
func TestTekton(t *testing.T) {
	folders, err := filepath.Glob("../../../examples/*/.tekton")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, dir := range folders {
		name := filepath.Base(filepath.Dir(dir))
		t.Run(name, func(t *testing.T) {
			s, p := made(t, options, dir)
			var shown strings.Builder
			for _, f := range p.Files {
				text := string(f.Text)
				if strings.HasPrefix(f.Name, "run_") {
					assert.Contains(t, text, "pac.Run(", f.Name)
					assert.NotContains(t, text, "pipelinesascode.tekton.dev", f.Name)
				}
				if f.Name == "set.go" || strings.HasPrefix(f.Name, "run_") {
					fmt.Fprintf(&shown, "-- %s --\n%s", f.Name, text)
				}
				if f.Name == "set.go" {
					assert.Contains(t, text, "-pac ../.tekton")
				}
			}
			golden.Check(t, filepath.Join("testdata", "tekton-"+name+".txt"), []byte(shown.String()))

			set, err := project.Set(s, options)
			require.NoError(t, err)
			out := filepath.Join(t.TempDir(), ".tekton")
			require.NoError(t, set.WritePaC(out))
			want, err := os.ReadDir(dir)
			require.NoError(t, err)
			for _, e := range want {
				if filepath.Ext(e.Name()) != ".yaml" {
					continue
				}
				assert.Equal(t, read(t, filepath.Join(dir, e.Name())), read(t, filepath.Join(out, e.Name())), e.Name())
			}
			described, err := proof.Described(set)
			require.NoError(t, err)
			originals, err := proof.Read(t.Context(), dir)
			require.NoError(t, err)
			assert.Empty(t, proof.Compare(originals.Objects, described, proof.Options{}))
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}
