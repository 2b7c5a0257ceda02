// Package howto_test has the Go of the pages in docs/howto. Each page shows a part of a
// function that returns a set, and parts of the YAML that the set writes.
package howto_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/scaffold"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// answers are the sets of the pages.
var answers = map[string]func() *manifest.Set{
	"approval":             approval,
	"cache-go-modules":     cacheGoModules,
	"cleanup":              cleanup,
	"clone-each":           cloneEach,
	"comment-test":         commentTest,
	"deploy-changed":       deployChanged,
	"fork-pull-requests":   forkPullRequests,
	"from-tektonic":        fromTektonic,
	"from-yaml":            fromYAML,
	"gitlab-webhook":       gitlabWebhook,
	"image-name":           imageName,
	"image-without-docker": imageWithoutDocker,
	"matrix-over-result":   matrixOverResult,
	"monorepo":             changedServices,
	"multi-arch":           multiArch,
	"non-root":             nonRoot,
	"private-repository":   privateRepository,
	"promote-by-digest":    promoteByDigest,
	"pull-request-status":  pullRequestStatus,
	"registry-login":       registryLogin,
	"remote-tasks":         remoteTasks,
	"resources":            resources,
	"retry-then-continue":  retryThenContinue,
	"reuse-steps":          reuseSteps,
	"schedule":             schedule,
	"secret-in-step":       secretInStep,
	"several-environments": severalEnvironments,
	"share-files":          shareFiles,
	"timeouts":             timeouts,
	"typed-bundle":         typedBundle,
	"when-result":          whenResult,
}

// goBlock is the block of Go of a page.
var goBlock = regexp.MustCompile("(?ms)^```go\n.*?^```\n")

// TestAnswers holds each page against its program: the Go is that of this package, the set has
// neither errors nor warnings, and the YAML is what it writes. TEKWRIGHT_UPDATE=1 writes the Go
// into the pages, and TEKWRIGHT_SHOW=DIRECTORY all the YAML into a directory.
func TestAnswers(t *testing.T) {
	parts, index := marked(t), read(t, "../README.md")
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			text := read(t, page+".md")
			if os.Getenv("TEKWRIGHT_UPDATE") != "" {
				text = goBlock.ReplaceAllLiteralString(text, "```go\n"+parts[page]+"```\n")
				require.NoError(t, os.WriteFile(page+".md", []byte(text), 0o600))
			}
			assert.Regexp(t, `\A# .+\?\n\n`, text, "the title is a question")
			title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
			assert.Contains(t, index, "["+title+"](howto/"+page+".md)", "docs/README.md has another title")
			assert.Contains(t, text, "\n**Trap:** ")
			assert.LessOrEqual(t, strings.Count(text, "\n"), 55, "the page is too long")
			shown := blocks(text, "go")
			require.Len(t, shown, 1, "a page has one block of Go")
			assert.Equal(t, parts[page], shown[0], "the Go of the page is not that of this package")
			delete(parts, page)

			build, ok := answers[page]
			yaml := blocks(text, "yaml")
			if !ok {
				assert.Empty(t, yaml, "this YAML is compared with nothing")
				return
			}
			set := build()
			require.NoError(t, set.Build())
			for _, f := range set.Findings() {
				assert.Equal(t, diag.Note, f.Severity, "%v", f)
			}
			written := output(t, set)
			if dir := os.Getenv("TEKWRIGHT_SHOW"); dir != "" {
				require.NoError(t, os.WriteFile(filepath.Join(dir, page+".yaml"), []byte(written), 0o600))
			}
			for _, part := range yaml {
				assert.True(t, hasLines(written, part), "the set does not write this YAML:\n%s", part)
			}
		})
	}
	assert.Empty(t, parts, "no page shows these parts")
}

// TestHasLines tests the comparison.
func TestHasLines(t *testing.T) {
	text := "a:\n  b:\n    - c\n    - d\n  e: f\n"
	for part, want := range map[string]bool{
		"b:\n  - c\n":         true,
		"b:\n  - c\n  - d\n":  true,
		"b:\n  - d\n":         false,
		"b:\n  ...\n  - d\n":  true,
		"b:\n...\ne: f\n":     true,
		"e: f\n...\nb:\n":     false,
		"b:\n  - c\ne: f\n":   false,
		"a:\n  b:\n    - c\n": true,
		"b:\n- c\n":           false,
		"c\n":                 false,
	} {
		assert.Equal(t, want, hasLines(text, part), part)
	}
}

// hasLines reports whether the text has the lines one after the other, all of them indented
// by the same number of spaces more. The line ... stands for any lines.
func hasLines(text, lines string) bool {
	all, want := strings.Split(text, "\n"), strings.Split(strings.TrimRight(lines, "\n"), "\n")
	for i := range all {
		indent := all[i][:len(all[i])-len(strings.TrimLeft(all[i], " "))]
		if follow(all[i:], want, indent) {
			return true
		}
	}
	return false
}

// follow reports whether the text begins with the lines.
func follow(all, want []string, indent string) bool {
	for i, line := range want {
		if strings.TrimSpace(line) == "..." {
			return slices.ContainsFunc(starts(all[min(i, len(all)):]), func(rest []string) bool { return follow(rest, want[i+1:], indent) })
		}
		if i >= len(all) || all[i] != strings.TrimRight(indent+line, " ") {
			return false
		}
	}
	return true
}

// starts returns the lines from each line on.
func starts(all []string) (rest [][]string) {
	for i := range all {
		rest = append(rest, all[i:])
	}
	return rest
}

// output returns all that a set writes: the stream, and the folder of Pipelines-as-Code.
func output(t *testing.T, set *manifest.Set) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, set.Write(&b))
	if !set.HasPaC() {
		return b.String()
	}
	dir := filepath.Join(t.TempDir(), ".tekton")
	require.NoError(t, set.WritePaC(dir))
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		b.WriteString(read(t, file))
	}
	return b.String()
}

// pages are the names of the pages.
func pages(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.md")
	require.NoError(t, err)
	for _, file := range files {
		names = append(names, strings.TrimSuffix(file, ".md"))
	}
	require.NotEmpty(t, names)
	for name := range answers {
		assert.Contains(t, names, name, "there is no such page")
	}
	return names
}

// marked returns the parts of this package between "howto NAME" and "howto end", without their
// indentation, those of one page joined.
func marked(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	parts := map[string]string{}
	for _, file := range files {
		for _, m := range regexp.MustCompile(`(?sm)^(\t*)// howto ([a-z0-9-]+)\n(.*?)^\t*// howto end\n`).FindAllStringSubmatch(read(t, file), -1) {
			text := strings.Trim(regexp.MustCompile(`(?m)^`+m[1]).ReplaceAllString(m[3], ""), "\n") + "\n"
			if parts[m[2]] != "" {
				text = parts[m[2]] + "\n" + text
			}
			parts[m[2]] = text
		}
	}
	parts["go-generate"] = generated(t)
	return parts
}

// generated returns the lines of a program that go generate runs, and its test.
func generated(t *testing.T) string {
	t.Helper()
	files, err := scaffold.Files(scaffold.Options{Template: "start", Folder: ".", CI: "none"})
	require.NoError(t, err)
	text := ""
	for _, f := range files {
		switch f.Name {
		case "main.go":
			text += regexp.MustCompile(`(?ms)^//go:generate .*?^func main.*?\n`).FindString(f.Text)
		case "main_test.go":
			text += "\n// in main_test.go:\n" + regexp.MustCompile(`(?ms)^func TestManifests.*`).FindString(f.Text)
		}
	}
	return text
}

// blocks returns the blocks of a language in a page.
func blocks(page, language string) (found []string) {
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		found = append(found, m[1])
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}
