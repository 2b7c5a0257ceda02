package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// FuzzFix fixes any text. The result must be as readable as before, each finding must be one
// that was there before, and fixing it again must change nothing. No fix may be wrong,
// unless it is a guess that brings another finding.
func FuzzFix(f *testing.F) {
	names, err := filepath.Glob("testdata/fix/*.yaml")
	require.NoError(f, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(text), true)
		f.Add(string(text), false)
	}
	f.Add(mistaken, true)
	// The newer version has another name for the misspelled field.
	f.Add("apiVersion: \"tekton.dev/v1beta1\"\nkind: PipelineRu\nmetadata: {name: a}\nspec:\n taskRnSpecs:\n    - taskSericeAccountName: A\n", true)
	// The missing param has no name that is similar.
	f.Add("apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: a}\nspec:\n  tasks:\n  - name: a\n    taskSpec:\n      params: [{name: p}]\n      steps: [{image: a, command: [a], args: [$(params.p)]}]\n", true)
	f.Fuzz(func(t *testing.T, text string, unsafe bool) {
		objects := 0
		look := func(texts map[string]string) (diag.Findings, error) {
			all, found := manifest.Parse([]byte(texts["f.yaml"]), "f.yaml")
			objects = len(all)
			return check.RunLoaded(context.Background(), all, found, check.Profile{})
		}
		texts := map[string]string{"f.yaml": text}
		before, err := look(texts)
		require.NoError(t, err)
		read := objects
		r, err := fix.Run(before, texts, fix.Options{Unsafe: unsafe}, look)
		if err != nil {
			require.ErrorIs(t, err, fix.ErrIncomplete)
			return
		}
		require.Empty(t, r.Rejected, "%s", text)
		if len(r.Texts) == 0 {
			return
		}
		after, err := look(r.Texts)
		require.NoError(t, err)
		require.Equal(t, read, objects, "%s\nbecame\n%s", text, r.Texts["f.yaml"])
		require.LessOrEqual(t, len(after), len(before)+count(r.Origin, -1), "%s\nbecame\n%s", text, r.Texts["f.yaml"])
		for i, from := range r.Origin {
			require.True(t, from >= 0 || r.Findings[i].Code == "suppression-unused", "%s: %s\nbecame\n%s", r.Findings[i], text, r.Texts["f.yaml"])
		}
		again, err := fix.Run(after, r.Texts, fix.Options{Unsafe: unsafe}, look)
		require.NoError(t, err)
		require.Empty(t, again.Texts, "%s\nbecame\n%s", text, r.Texts["f.yaml"])
	})
}

func count(list []int, v int) int {
	n := 0
	for _, x := range list {
		if x == v {
			n++
		}
	}
	return n
}
