package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TestDefects wants each defect found at its line, and nothing in what was
// mended.
func TestDefects(t *testing.T) {
	all, err := defects("defects")
	require.NoError(t, err)
	require.Greater(t, len(all), 30)
	theirs := 0
	for _, d := range all {
		good := found(d.good)
		assert.Empty(t, good, "%s, mended", d.name)
		assert.True(t, slices.ContainsFunc(found(d.bad), func(f diag.Finding) bool {
			places := []string{f.Place}
			for _, r := range f.Related {
				places = append(places, r.Place)
			}
			return slices.ContainsFunc(places, func(place string) bool {
				_, line, _ := check.SplitPlace(place)
				return slices.Contains(d.lines, line)
			})
		}), "%s: nothing at line %v, but\n%v", d.name, d.lines, found(d.bad))
		news, err := d.news(tool{"webhooks", webhooks})
		require.NoError(t, err)
		if len(news) > 0 {
			theirs++
		}
	}
	t.Logf("of %d defects, Tekton's webhooks find %d", len(all), theirs)
}

// TestTable prints the comparison, with tekton-lint where TEKTON_LINT says
// where it is.
func TestTable(t *testing.T) {
	peer := os.Getenv("TEKTON_LINT")
	if peer == "" {
		if found, err := exec.LookPath("tekton-lint"); err == nil {
			peer = found
		}
	}
	var out strings.Builder
	require.NoError(t, run(&out, peer))
	t.Log("\n" + out.String())
}
