package pac_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yamlv2 "go.yaml.in/yaml/v2"

	folder "github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// TestGuarantee tests what holds for every folder that is written, whatever the names,
// patterns and texts: it can be read as Pipelines-as-Code reads it before the variables are
// replaced, each variable is quoted or in a block, branches have one style, and each
// expression compares event.
func TestGuarantee(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	texts := []string{"", "x", "it's", `"`, ": ", " #", "- ", "{", "}", "a\nb", "\\", "%", "@", "&x", "*x", "!", "|", "ü", "🚀", "null", "1.0", "\t", "~", "{{.Go}}", "${{ x }}"}
	values := []builder.String{
		pac.Revision, pac.ShortRevision, pac.RepoURL, pac.SourceBranch, pac.TargetBranch, pac.GitTag, pac.Sender, pac.PullRequestNumber,
		pac.PullRequestLabels, pac.TriggerComment, pac.GitAuthSecret, pac.Files, pac.Body("a.b[0].c-d"), pac.Header("x-y"), pac.EventType,
	}
	globs := []string{"main", "v*", "a/**", "**", "x?", "it's", `a"b`, "a,b", "a b", "ünï", "a'b/*", "#x", "- x", "a: b", "$(x)"}
	written := 0
	for i := range 250 {
		var value builder.String
		for range 1 + r.IntN(4) {
			value += builder.String(pick(texts...)) + values[r.IntN(len(values))] + builder.String(pick(texts...)+"-")
		}
		var event pac.Event
		switch r.IntN(5) {
		case 0:
			event = pac.Push().Branches(pick(globs...), pick(globs...)).Paths(pick(globs...))
		case 1:
			event = pac.PullRequest().Targets(pick(globs...)).IgnorePaths(pick(globs...))
		case 2:
			event = pac.Tag(pick(globs...))
		case 3:
			event = pac.PullRequest().Labels(pick(globs...), pick(globs...)).Paths("a/**")
		case 4:
			event = pac.Comment("^/x " + regexp.QuoteMeta(pick(globs...)))
		}
		set := manifest.New(pac.Run(run("x", value).Annotate("text", value)).On(event, pac.Comment("^/again$")))
		dir := filepath.Join(t.TempDir(), ".tekton")
		if err := set.WriteDir(dir); err != nil {
			require.Regexp(t, "value-adjacent|value-escaped|variable-empty", err.Error(), "%q", value)
			continue
		}
		written++
		text, err := os.ReadFile(filepath.Join(dir, "pipelinerun-x.yaml"))
		require.NoError(t, err)
		about := fmt.Sprintf("%d\n%s", i, text)
		var any any
		require.NoError(t, yamlv2.Unmarshal(text, &any), about)
		assert.Empty(t, folder.Load([]folder.File{{Name: "x.yaml", Text: text}}).Broken(), about)
		plainly(t, text)
		assert.NotContains(t, string(text), "refs/heads/")
		assert.NotContains(t, string(text), "namespace:")
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			if _, expr, ok := strings.Cut(string(line), "on-cel-expression: "); ok {
				assert.Regexp(t, `^['"]?event == `, expr)
			}
		}
		back, err := manifest.ReadDir(dir)
		require.NoError(t, err, about)
		objects, err := back.Objects()
		require.NoError(t, err, about)
		require.Len(t, objects, 3)
	}
	assert.Greater(t, written, 50)
}

// plainly reports a variable that is neither in quotes nor in a block.
func plainly(t *testing.T, text []byte) {
	t.Helper()
	block := -1
	for line := range strings.Lines(string(text)) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(line) == "") {
			continue
		}
		block = -1
		if regexp.MustCompile(`: \|[0-9]?[-+]?\n$`).MatchString(line) {
			block = indent
			continue
		}
		_, value, _ := strings.Cut(line, ": ")
		if strings.Contains(value, "{{") && !slices.Contains([]byte{'\'', '"'}, value[0]) {
			t.Errorf("a variable is not quoted: %s", line)
		}
		if strings.Contains(value, "{{ cel:") && value[0] != '\'' {
			t.Errorf("an expression is not in single quotes: %s", line)
		}
	}
}
