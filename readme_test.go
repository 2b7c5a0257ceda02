package tekwright_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// quickstart is the program of README, and what it writes.
func quickstart() *manifest.Set {
	// README: begin
	p := builder.NewPipeline("release")
	repo, image, src := p.Param("repo"), p.Param("image"), p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	build := builder.Add(p, "build", tasks.BuildKit{Source: clone.Source, Image: image + ":" + clone.Commit})
	build.After(test).Retries(1)

	run := p.Run("release-1", repo.Set("https://git.example.com/app.git"),
		image.Set("registry.example.com/app"), src.VolumeClaimTemplate("1Gi")).FSGroup(tasks.Group)
	// README: end
	return manifest.New(run)
}

// mistaken is the same with a mistake.
func mistaken() error {
	p := builder.NewPipeline("release")
	repo, _, src := p.Param("repo"), p.Param("image"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	builder.Add(p, "build", tasks.BuildKit{Source: clone.Source})
	return p.Build()
}

// TestReadme holds what README shows against what is true.
func TestReadme(t *testing.T) {
	readme := read(t, "README.md")
	source := read(t, "readme_test.go")
	_, program, ok := strings.Cut(source, "// README: begin\n")
	require.True(t, ok)
	program, _, _ = strings.Cut(program, "\t// README: end\n")
	assert.Contains(t, readme, program, "the program of README.md differs from quickstart")

	var out bytes.Buffer
	require.NoError(t, quickstart().Write(&out))
	yaml := block(t, readme, "yaml")
	assert.Contains(t, out.String(), yaml, "the YAML of README.md is not what the program writes")

	err := mistaken()
	require.Error(t, err)
	here := regexp.MustCompile(`\S*readme_test\.go:\d+`)
	shown := regexp.MustCompile(`main\.go:\d+`)
	assert.Equal(t, here.ReplaceAllString(err.Error(), "main.go"), shown.ReplaceAllString(strings.TrimSpace(block(t, readme, "console")), "main.go"))

	for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(readme, -1) {
		_, err := os.Stat(filepath.FromSlash(link[1]))
		assert.NoError(t, err, "a link of README.md leads nowhere")
	}
}

// TestGuide: every line of Go that docs/guide.md and docs/compose.md show is a line of an
// example or of a test, so that it compiles.
func TestGuide(t *testing.T) {
	known := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		for line := range strings.Lines(read(t, path)) {
			known[words(line)] = true
		}
		return nil
	}))
	for _, page := range []string{"docs/guide.md", "docs/compose.md"} {
		blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, page), -1)
		assert.NotEmpty(t, blocks, page)
		for _, code := range blocks {
			for line := range strings.Lines(code[1]) {
				assert.True(t, known[words(line)], "no example has this line of %s: %s", page, line)
			}
		}
	}
}

// words is a line without its indentation and its comment.
func words(line string) string {
	line, _, _ = strings.Cut(line, " //")
	return strings.TrimSpace(line)
}

// block is the first block of a language in a page.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "```"+language+"\n")
	require.True(t, ok, "there is no block of %s", language)
	text, _, _ := strings.Cut(rest, "```")
	return text
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(path))
	require.NoError(t, err)
	return string(b)
}
