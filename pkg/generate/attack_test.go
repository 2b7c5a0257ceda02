package generate_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestAttack tests that what others added to a folder, names and flags are only shown,
// and that the diff has no values of Secrets.
func TestAttack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.Zero(t, run(hello("echo hi"), "-o", dir).code)
	file := filepath.Join(dir, "pipeline-hello.yaml")
	clean, err := os.ReadFile(file)
	require.NoError(t, err)
	check := func(text string, r result) {
		t.Helper()
		assert.Empty(t, hostile.Arrived(r.out, hostile.Plain), "%q", text)
		assert.Empty(t, hostile.Arrived(r.err, hostile.Plain), "%q", text)
	}
	for _, text := range hostile.Texts() {
		require.NoError(t, os.WriteFile(file, append(clean, "# "+text+"\n"+text+"\n"...), 0o600))
		r := run(hello("echo hi"), "-o", dir, "-check")
		assert.Equal(t, 1, r.code)
		assert.NotEmpty(t, r.out)
		check(text, r)
		for _, args := range [][]string{{text}, {"-" + text}, {"-format", text}, {"-group", text, "-o", "x"}, {"-graph", text}} {
			check(text, run(hello("true"), args...))
		}
		bad := builder.NewPipeline(text)
		bad.Param(text)
		bad.AddInline(text, func(t *builder.Task) { t.Step(text).Image(builder.TaskString(text)).Script("$(params." + text + ")") })
		check(text, run(manifest.New(bad), "-notes"))
		drawn := builder.NewPipeline("p")
		drawn.AddInline("a", func(t *builder.Task) { t.Step("a").Image("i").Script(text) })
		check(text, run(manifest.New(drawn), "-graph", "mermaid"))
	}
	for name, text := range hostile.Secrets {
		require.NoError(t, os.WriteFile(file, append(clean, "---\n"+text...), 0o600))
		r := run(hello("echo hi"), "-o", dir, "-check")
		assert.Equal(t, 1, r.code)
		assert.Empty(t, hostile.Shown(r.out+r.err), name)
	}
}
