package exampletest

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// PaCSet is a set with a folder of Pipelines-as-Code.
type PaCSet interface {
	CheckDir(dir string) error
	CheckPaC(dir string) error
	Findings() diag.Findings
}

// Tekton checks an example of Pipelines-as-Code: the committed folders manifests and .tekton
// are what the program writes, and the checker reports no errors or warnings for it.
func Tekton[S PaCSet](t *testing.T, build func() S) {
	t.Run("manifests", func(t *testing.T) {
		require.NoError(t, build().CheckDir("manifests"), "run go generate in this folder")
	})
	t.Run(".tekton", func(t *testing.T) {
		require.NoError(t, build().CheckPaC(".tekton"), "run go generate in this folder")
	})
	t.Run("no warning", func(t *testing.T) {
		for _, f := range build().Findings() {
			assert.Equal(t, diag.Note, f.Severity, "%v", f)
		}
	})
	t.Run("folder", func(t *testing.T) {
		loaded, err := manifest.Load(t.Context(), []string{".tekton", "manifests"}, manifest.LoadOptions{})
		require.NoError(t, err)
		require.NotEmpty(t, loaded.Objects)
		found, err := check.Run(t.Context(), loaded.Objects, loaded.Profile())
		require.NoError(t, err)
		for _, f := range append(loaded.Findings, found...) {
			assert.Equal(t, diag.Note, f.Severity, "%v", f)
		}
	})
}

// Event is a webhook, and the names of the runs that it starts.
type Event struct {
	Hook   pac.Webhook
	Starts string
}

// Events tests which runs of the folder .tekton events start.
func Events(t *testing.T, events map[string]Event) {
	for name, e := range events {
		t.Run(name, func(t *testing.T) {
			out, err := pac.Matches(os.DirFS(".tekton"), e.Hook)
			require.NoError(t, err)
			require.Empty(t, out.Stopped)
			require.Empty(t, out.Ended)
			var started, why []string
			for _, r := range out.Runs {
				if r.Started {
					started = append(started, r.Name)
				} else {
					why = append(why, r.Name+": "+r.Check+": "+r.Reason)
				}
			}
			assert.Equal(t, e.Starts, strings.Join(started, " "), strings.Join(why, "\n"))
		})
	}
}
