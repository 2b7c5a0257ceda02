package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

func TestRewrites(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("ab", 32)
	path := filepath.Join(t.TempDir(), "digests.txt")
	require.NoError(t, os.WriteFile(path, []byte("# comment\nold:1 "+digest+"\n"), 0o644))
	var list strings.Builder
	require.NoError(t, run([]string{"-list"}, nil, &list, path))
	images := strings.Fields(list.String())
	assert.Equal(t, tasks.Images(), images)

	var lines, said strings.Builder
	for _, image := range images[1:] {
		lines.WriteString(image + " " + digest + "\n")
	}
	require.NoError(t, run(nil, strings.NewReader(lines.String()), &said, path))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "# comment\n"+lines.String(), string(text))
	assert.Equal(t, images[0]+" has no digest\n", said.String())

	for in, want := range map[string]string{
		"other:1 " + digest: `the catalogue does not have image "other:1"`, images[0] + " latest": "is not a digest", images[0]: "want an image and a digest",
	} {
		assert.ErrorContains(t, run(nil, strings.NewReader(in), &said, path), want)
	}
	assert.ErrorContains(t, run([]string{"-x"}, nil, &said, path), "unknown argument")
	assert.ErrorContains(t, run(nil, strings.NewReader(""), &said, path+"x"), "run this command in pkg/tasks")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text, after, "a mistake changes nothing")
}
